namespace OpenClaw.Edge.Usage;

/// <summary>Usage of one policy in a replica's report.</summary>
/// <param name="Recent">Decisions in the last <see cref="UsageWindows.RateSeconds"/> seconds.</param>
/// <param name="Minute">Decisions in the last minute.</param>
/// <param name="Hour">Decisions in the last hour.</param>
/// <param name="Latency">Decisions in the last minute by bucket of the <see cref="LatencyHistogram"/>, up to the last that is not
/// empty.</param>
internal sealed record PolicyReport(UsageCounts Recent, UsageCounts Minute, UsageCounts Hour, long[] Latency);
