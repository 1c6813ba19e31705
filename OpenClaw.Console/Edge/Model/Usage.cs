namespace OpenClaw.Console.Edge.Model;

/// <summary>Current usage of all replicas: <c>GET /usage</c> and the messages of <c>GET /usage/stream</c>.</summary>
public sealed record Usage(
    DateTimeOffset At, IReadOnlyList<Usage.Replica> Replicas, IReadOnlyList<Usage.Policy> Policies, Usage.SourceCounts? Sources,
    string? Store)
{
    /// <summary>One replica of the edge.</summary>
    public sealed record Replica(
        string Name, DateTimeOffset At, DateTimeOffset? StartedAt, string? Circuit, string? Reason, string? RulesVersion);

    /// <summary>One policy.</summary>
    public sealed record Policy(
        [property: System.Text.Json.Serialization.JsonPropertyName("policy")] string Name,
        double AdmittedPerSecond, double DeniedPerSecond, double ShadowDeniedPerSecond, double LocalPerSecond,
        Latency? LatencyMilliseconds, Counts? Minute, Counts? Hour);

    /// <summary>Latency of decisions in milliseconds.</summary>
    public sealed record Latency(double? P50, double? P95, double? P99);

    /// <summary>Decisions in a window.</summary>
    public sealed record Counts(long Admitted, long Denied, long ShadowDenied, long Local);

    /// <summary>Decisions by source in the last minute.</summary>
    public sealed record SourceCounts(long Store, long DenyCache, long Local, long Open, long Closed);
}
