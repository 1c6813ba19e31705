namespace OpenClaw.EdgeBench.Measurements;

/// <summary>Throughput of one workload over that of another.</summary>
/// <param name="Of">The numerator.</param>
/// <param name="To">The denominator.</param>
/// <param name="Aim">The ratio to reach; null for one that is only reported.</param>
internal sealed record Comparison(Workload Of, Workload To, double? Aim = null);
