namespace OpenClaw.Console.Edge.Model;

/// <summary>Changes by operators, newest first: <c>GET /audit</c>.</summary>
public sealed record AuditPage(IReadOnlyList<AuditPage.Entry> Entries, string? Before)
{
    /// <summary>One change, made or refused.</summary>
    public sealed record Entry(
        string StreamId, DateTimeOffset At, string Operator, string Action, string? Target, string? Detail, string? Reason,
        string? Outcome);
}
