namespace OpenClaw.EdgeBench.Scaling;

/// <summary>One round of a step. Processor time in microseconds per request.</summary>
/// <param name="PerSecond">Requests per second, of all edges.</param>
/// <param name="Edge">Of the edges.</param>
/// <param name="Redis">Of Redis, all nodes.</param>
/// <param name="Scripts">Script calls per request.</param>
/// <param name="P99">99th percentile of latency in milliseconds.</param>
/// <param name="Failed">Requests that got neither 2xx nor 429.</param>
internal sealed record ScaleSample(double PerSecond, double Edge, double Redis, double Scripts, double P99, long Failed)
{
    /// <summary>Requests for each second of processor time, edges and Redis together.</summary>
    public double PerCpuSecond => 1e6 / (Edge + Redis);
}
