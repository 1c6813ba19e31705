using OpenClaw.EdgeBench.Targets;

namespace OpenClaw.EdgeBench.Telemetry;

/// <summary>An edge with some telemetry on.</summary>
/// <param name="Name">Name in the report.</param>
/// <param name="Setup">The edge.</param>
/// <param name="IsScraped">Whether its metrics are read once a second.</param>
internal sealed record TelemetryRow(string Name, EdgeSetup Setup, bool IsScraped)
{
    /// <summary>Requests per second of each round.</summary>
    public List<double> PerSecond { get; } = [];

    /// <summary>Processor time per request of each round, edge and Redis, in microseconds.</summary>
    public List<double> Cost { get; } = [];
}
