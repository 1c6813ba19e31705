using OpenClaw.EdgeBench.Servers;

namespace OpenClaw.EdgeBench.Targets;

/// <summary>The edge in its variants, the rating API without an edge, each a process of its own.</summary>
internal static class EdgeTargets
{
    // Port of tcpmux, which is not in use any more.
    private const int ClosedPort = 1;

    public static Target Unlimited { get; } = Edge("edge without a policy", null);

    public static Target Allowing { get; } = Edge("edge, allowing", Limits.Allow);

    /// <summary>Decides in memory, as in an outage: the cost of a policy without Redis.</summary>
    public static Target AllowingAlone { get; } = Edge("edge, allowing, Redis away", Limits.Allow, isRedisAway: true);

    public static Target Denying { get; } = Edge("edge, denying", Limits.Deny);

    /// <summary>Without usage and events, to measure their cost.</summary>
    public static Target AllowingUnwatched { get; } = Edge("edge, allowing, usage and events off", Limits.Allow, isWatched: false);

    public static Target DenyingUnwatched { get; } = Edge("edge, denying, usage and events off", Limits.Deny, isWatched: false);

    public static Target Article { get; } = Edge("edge, article's limits", Limits.Article);

    public static Target UnlimitedHttp2 { get; } = Edge("edge without a policy, HTTP/2 upstream", null, http2: true);

    public static Target AllowingHttp2 { get; } = Edge("edge, allowing, HTTP/2 upstream", Limits.Allow, http2: true);

    /// <summary>The upstream without a proxy.</summary>
    public static Target RatingApi { get; } = new("rating API itself", null, (backEnds, _) => Task.FromResult(backEnds.RatingApi));

    /// <summary>Starts an upstream.</summary>
    /// <param name="http2">Whether it speaks HTTP/2 without TLS, and nothing else.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="processors">The processors that it is bound to, as <c>taskset</c> names them; null for all.</param>
    public static Task<Server> StartRatingApiAsync(bool http2, CancellationToken cancellationToken, string? processors = null)
    {
        Dictionary<string, string> environment = new()
        {
            // It shares its cores with the measured process, so it must not spin.
            ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0",
        };
        if (http2)
        {
            environment["Kestrel__EndpointDefaults__Protocols"] = "Http2";
        }

        return DotNetServer.StartAsync(
            "rating API", "OpenClaw.RatingApi", environment, DotNetServer.BoundTo(processors), null, cancellationToken);
    }

    private static Target Edge(string name, Limits? limits, bool http2 = false, bool isRedisAway = false, bool isWatched = true) =>
        new(name, null, (backEnds, cancellationToken) =>
    {
        EdgeSetup setup = new(name) { Limits = limits, Http2 = http2 };
        string redis = $"127.0.0.1:{(isRedisAway ? ClosedPort : backEnds.Redis.Port)}";
        return setup.StartAsync(redis, http2 ? backEnds.RatingApiHttp2 : backEnds.RatingApi, cancellationToken);
    });
}
