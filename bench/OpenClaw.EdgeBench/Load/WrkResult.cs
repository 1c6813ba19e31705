using System.Text.Json.Serialization;

namespace OpenClaw.EdgeBench.Load;

/// <summary>Results of one run of wrk. Times in microseconds.</summary>
/// <param name="Requests">Answers received.</param>
/// <param name="Micros">Duration of the run.</param>
/// <param name="Refused">Answers with a status of 400 or more.</param>
/// <param name="Broken">Connections refused, lost or timed out.</param>
/// <param name="P50">Median latency.</param>
/// <param name="P99">99th percentile of latency.</param>
internal sealed record WrkResult(long Requests, long Micros, long Refused, long Broken, long P50, long P99)
{
    /// <summary>Processor time of wrk itself.</summary>
    [JsonIgnore]
    public TimeSpan CpuTime { get; init; }

    [JsonIgnore]
    public double PerSecond => Requests * 1e6 / Micros;
}
