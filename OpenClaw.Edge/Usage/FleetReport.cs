using System.Text.Json.Serialization;

namespace OpenClaw.Edge.Usage;

/// <summary>Usage of all replicas.</summary>
/// <param name="At">When it was read.</param>
/// <param name="Replicas">The replicas that report.</param>
/// <param name="Policies">By policy, those in force and those with decisions in the last hour.</param>
/// <param name="Sources">Decisions in the last minute by source: store, denyCache, local, open, closed.</param>
/// <param name="Store"><c>up</c>; <c>down</c> when this replica cannot read Redis and the report covers only itself.</param>
internal sealed record FleetReport(
    DateTimeOffset At, IReadOnlyList<FleetReport.Replica> Replicas, IReadOnlyList<FleetReport.Policy> Policies,
    IReadOnlyDictionary<string, long> Sources, string Store)
{
    /// <summary>A replica.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="At">When it last reported.</param>
    /// <param name="StartedAt">When it started.</param>
    /// <param name="Circuit"><c>closed</c> while Redis decides, else <c>open</c> or <c>halfOpen</c>.</param>
    /// <param name="Reason">Why Redis does not decide.</param>
    /// <param name="RulesVersion">Version of its rules document in force.</param>
    internal sealed record Replica(
        string Name, DateTimeOffset At, DateTimeOffset StartedAt, string Circuit, string? Reason, string? RulesVersion);

    /// <summary>Decisions of one policy. Rates are of the last five seconds. The latency is null without decisions in the last
    /// minute.</summary>
    internal sealed record Policy(
        [property: JsonPropertyName("policy")] string Name,
        double AdmittedPerSecond, double DeniedPerSecond, double ShadowDeniedPerSecond, double LocalPerSecond,
        Latency? LatencyMilliseconds, UsageCounts Minute, UsageCounts Hour);

    /// <summary>Latency of decisions in the last minute, off by at most a quarter.</summary>
    internal sealed record Latency(double P50, double P95, double P99);
}
