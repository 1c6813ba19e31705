namespace OpenClaw.Console.Edge.Model;

/// <summary>Decisions of the last 15 minutes: <c>GET /usage/history</c>.</summary>
/// <param name="StepSeconds">Length of a step.</param>
/// <param name="From">Start of the first step.</param>
/// <param name="Policies">Counts of each step, oldest first.</param>
public sealed record UsageHistory(double StepSeconds, DateTimeOffset From, IReadOnlyList<UsageHistory.Policy> Policies)
{
    /// <summary>One policy.</summary>
    public sealed record Policy(
        [property: System.Text.Json.Serialization.JsonPropertyName("policy")] string Name,
        IReadOnlyList<double> Admitted, IReadOnlyList<double> Denied, IReadOnlyList<double>? ShadowDenied, IReadOnlyList<double>? Local);
}
