using OpenClaw.EdgeBench.Servers;

namespace OpenClaw.EdgeBench.Targets;

/// <summary>Services that a target uses.</summary>
/// <param name="Redis">Its own, empty at the start.</param>
/// <param name="RatingApi">The upstream that all targets share.</param>
/// <param name="RatingApiHttp2">Another process of it that speaks HTTP/2 without TLS.</param>
internal sealed record BackEnds(Server Redis, Server RatingApi, Server RatingApiHttp2);
