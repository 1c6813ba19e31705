using System.Text.Json.Serialization;

namespace OpenClaw.Edge.Usage;

/// <summary>Decisions of all replicas in the last 15 minutes.</summary>
/// <param name="StepSeconds">Length of a step.</param>
/// <param name="From">Beginning of the first step.</param>
/// <param name="Policies">By policy.</param>
internal sealed record FleetHistory(int StepSeconds, DateTimeOffset From, IReadOnlyList<FleetHistory.Policy> Policies)
{
    /// <summary>Decisions of one policy in each step, the oldest first. The last step is not over yet.</summary>
    internal sealed record Policy(
        [property: JsonPropertyName("policy")] string Name,
        long[] Admitted, long[] Denied, long[] ShadowDenied, long[] Local);
}
