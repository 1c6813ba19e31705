using OpenClaw.EdgeBench.Load;
using OpenClaw.EdgeBench.Targets;

namespace OpenClaw.EdgeBench.Latency;

/// <summary>An edge under a load at a constant rate.</summary>
/// <param name="Name">Name in the report.</param>
/// <param name="Setup">The edge.</param>
/// <param name="Clients">Number of clients, used in turn.</param>
internal sealed record LatencyRow(string Name, EdgeSetup Setup, int Clients)
{
    /// <summary>Results of the rounds.</summary>
    public List<LoadSlot> Rounds { get; } = [];

    /// <summary>Medians over the rounds, in milliseconds.</summary>
    public double Median(double share) => Reports.Medians.Of(Rounds.Select(round => round.Latencies.Percentile(share)));

    /// <summary>Median over the rounds of the difference to another row in the same round, in milliseconds.</summary>
    public double Above(LatencyRow other, double share) => Reports.Medians.Of(
        Rounds.Zip(other.Rounds, (own, its) => own.Latencies.Percentile(share) - its.Latencies.Percentile(share)));
}
