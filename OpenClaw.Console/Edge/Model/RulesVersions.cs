namespace OpenClaw.Console.Edge.Model;

/// <summary>Earlier documents, newest first: <c>GET /rules/versions</c>.</summary>
public sealed record RulesVersions(IReadOnlyList<RulesVersions.Entry> Versions)
{
    /// <summary>One document.</summary>
    public sealed record Entry(string Version, DateTimeOffset? At, string? Operator, string? Reason, long Bytes);
}
