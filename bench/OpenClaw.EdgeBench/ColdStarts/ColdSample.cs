namespace OpenClaw.EdgeBench.ColdStarts;

/// <summary>One start of an edge. Times in milliseconds.</summary>
/// <param name="Ready">From the start of the process until its health endpoint says that it is ready.</param>
/// <param name="Work">Processor time until then.</param>
/// <param name="First">The first request, which is limited, sent as soon as the edge is ready.</param>
/// <param name="Early">99th percentile of the requests due in the first two seconds after that.</param>
/// <param name="EarlyMedian">Their median.</param>
/// <param name="Steady">99th percentile in the last seconds of the same load.</param>
/// <param name="Failed">Requests that got neither 2xx nor 429.</param>
internal sealed record ColdSample(double Ready, double Work, double First, double Early, double EarlyMedian, double Steady, long Failed);
