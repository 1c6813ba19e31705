using System.Net;

namespace OpenClaw.EdgeBench.Load;

/// <summary>What came back for one request.</summary>
/// <param name="Status">Null when the connection broke.</param>
/// <param name="Latency">Until the last byte.</param>
internal readonly record struct Answer(HttpStatusCode? Status, TimeSpan Latency);
