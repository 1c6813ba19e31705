using System.Net;

namespace OpenClaw.EdgeBench.Load;

/// <summary>Response to one request.</summary>
/// <param name="Status">Null if the connection was lost.</param>
/// <param name="Latency">Time until the last byte.</param>
internal readonly record struct Answer(HttpStatusCode? Status, TimeSpan Latency);
