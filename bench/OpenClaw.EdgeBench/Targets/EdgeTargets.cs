using OpenClaw.EdgeBench.Servers;

namespace OpenClaw.EdgeBench.Targets;

/// <summary>The edge in its variants, the rating API without an edge, each a process of its own.</summary>
internal static class EdgeTargets
{
    // tcpmux, which nobody serves any more.
    private const int ClosedPort = 1;

    public static Target Unlimited { get; } = Edge("edge without a policy", null);

    public static Target Allowing { get; } = Edge("edge, allowing", Limits.Allow);

    /// <summary>Decides in memory, as in an outage: what is left of a policy's cost without Redis.</summary>
    public static Target AllowingAlone { get; } = Edge("edge, allowing, Redis away", Limits.Allow, isRedisAway: true);

    public static Target Denying { get; } = Edge("edge, denying", Limits.Deny);

    /// <summary>Without usage and events: what these cost.</summary>
    public static Target AllowingUnwatched { get; } = Edge("edge, allowing, usage and events off", Limits.Allow, isWatched: false);

    public static Target DenyingUnwatched { get; } = Edge("edge, denying, usage and events off", Limits.Deny, isWatched: false);

    public static Target Article { get; } = Edge("edge, article's limits", Limits.Article);

    public static Target UnlimitedHttp2 { get; } = Edge("edge without a policy, HTTP/2 upstream", null, http2: true);

    public static Target AllowingHttp2 { get; } = Edge("edge, allowing, HTTP/2 upstream", Limits.Allow, http2: true);

    /// <summary>The upstream without anything in front.</summary>
    public static Target RatingApi { get; } = new("rating API itself", null, (backEnds, _) => Task.FromResult(backEnds.RatingApi));

    /// <summary>Starts an upstream.</summary>
    /// <param name="http2">Whether it speaks HTTP/2 without TLS, and nothing else.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<Server> StartRatingApiAsync(bool http2, CancellationToken cancellationToken)
    {
        Dictionary<string, string> environment = new()
        {
            // It shares its cores with what is measured, so it had better not spin.
            ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0",
        };
        if (http2)
        {
            environment["Kestrel__EndpointDefaults__Protocols"] = "Http2";
        }

        return StartDotNetAsync("rating API", "OpenClaw.RatingApi", environment, cancellationToken);
    }

    private static Target Edge(string name, Limits? limits, bool http2 = false, bool isRedisAway = false, bool isWatched = true) => new(name, null, (backEnds, cancellationToken) =>
    {
        Dictionary<string, string> environment = new()
        {
            ["ConnectionStrings__redis"] = $"127.0.0.1:{(isRedisAway ? ClosedPort : backEnds.Redis.Port)}",
            ["services__rating-api__http__0"] = (http2 ? backEnds.RatingApiHttp2 : backEnds.RatingApi).Url.GetLeftPart(UriPartial.Authority),
            // The whole identity path is on: a trusted proxy, X-Forwarded-For, and keys that are hashed and each a client of its own.
            ["OpenClaw__Edge__ClientAddress__TrustedNetworks__0"] = "127.0.0.0/8",
            ["OpenClaw__Edge__ApiKeys__Unknown"] = "Accept",
            ["OpenClaw__Edge__ApiKeys__Pepper"] = "a pepper for benchmarks only, 32 or more",
            ["ReverseProxy__Routes__rating__RateLimiterPolicy"] = limits is null ? "" : "bench",
        };
        if (!isWatched)
        {
            environment["OpenClaw__Edge__Usage__Enabled"] = "false";
            environment["OpenClaw__Edge__Events__Enabled"] = "false";
        }

        if (limits is not null)
        {
            SetBucket(environment, "bench", "burst", limits);
            // Every request pays the address bucket too. It must not be the one that decides.
            SetBucket(environment, "address", "address", Limits.Allow);
        }

        if (http2)
        {
            environment["ReverseProxy__Clusters__rating-api__HttpRequest__Version"] = "2";
            environment["ReverseProxy__Clusters__rating-api__HttpRequest__VersionPolicy"] = "RequestVersionExact";
        }

        return StartDotNetAsync(name, "OpenClaw.Edge", environment, cancellationToken);
    });

    private static void SetBucket(Dictionary<string, string> environment, string policy, string name, Limits limits)
    {
        string bucket = $"OpenClaw__Edge__Policies__{policy}__Buckets__{name}__";
        environment[bucket + "Capacity"] = $"{limits.Capacity}";
        environment[bucket + "RefillTokens"] = $"{limits.RefillTokens}";
        environment[bucket + "RefillPeriod"] = $"{limits.RefillPeriod:c}";
    }

    private static Task<Server> StartDotNetAsync(
        string name, string project, IEnumerable<KeyValuePair<string, string>> environment, CancellationToken cancellationToken)
    {
        int port = Server.FreePort();
        string folder = Repository.OutputOf(project);
        Dictionary<string, string> all = new(environment)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
            ["OpenClaw__Management__Port"] = "0",
        };
        return Server.StartAsync(name, port, "dotnet", [Path.Combine(folder, project + ".dll")], folder, all, cancellationToken);
    }
}
