using OpenClaw.EdgeBench.Servers;

namespace OpenClaw.EdgeBench.Targets;

/// <summary>The edge in its variants, the rating API without an edge, each a process of its own.</summary>
internal static class EdgeTargets
{
    private const string Edge = "OpenClaw.Edge";

    public static Target Unlimited { get; } = new("edge without a policy", null, (backEnds, cancellationToken) =>
        StartEdgeAsync("edge without a policy", null, backEnds, cancellationToken));

    public static Target Allowing { get; } = Limited("edge, allowing", Limits.Allow);

    public static Target Denying { get; } = Limited("edge, denying", Limits.Deny);

    public static Target Article { get; } = Limited("edge, article's limits", Limits.Article);

    /// <summary>The upstream without anything in front.</summary>
    public static Target RatingApi { get; } = new("rating API itself", null, (backEnds, _) => Task.FromResult(backEnds.RatingApi));

    /// <summary>Starts the upstream that all targets share.</summary>
    public static Task<Server> StartRatingApiAsync(CancellationToken cancellationToken) =>
        StartDotNetAsync("rating API", "OpenClaw.RatingApi", [], cancellationToken);

    private static Target Limited(string name, Limits limits) => new(name, null, (backEnds, cancellationToken) =>
        StartEdgeAsync(name, limits, backEnds, cancellationToken));

    private static Task<Server> StartEdgeAsync(string name, Limits? limits, BackEnds backEnds, CancellationToken cancellationToken)
    {
        Dictionary<string, string> environment = new()
        {
            ["ConnectionStrings__redis"] = $"127.0.0.1:{backEnds.Redis.Port}",
            ["services__rating-api__http__0"] = backEnds.RatingApi.Url.GetLeftPart(UriPartial.Authority),
            // The whole identity path is on: a trusted proxy, X-Forwarded-For, and keys that are hashed and each a client of its own.
            ["OpenClaw__Edge__ClientAddress__TrustedNetworks__0"] = "127.0.0.0/8",
            ["OpenClaw__Edge__ApiKeys__Unknown"] = "Accept",
            ["OpenClaw__Edge__ApiKeys__Pepper"] = "a pepper for benchmarks only, 32 or more",
        };
        if (limits is null)
        {
            environment["ReverseProxy__Routes__rating__RateLimiterPolicy"] = "";
        }
        else
        {
            environment["ReverseProxy__Routes__rating__RateLimiterPolicy"] = "bench";
            SetBucket(environment, "bench", "burst", limits);
            // Every request pays the address bucket too. It must not be the one that decides.
            SetBucket(environment, "address", "address", Limits.Allow);
        }

        return StartDotNetAsync(name, Edge, environment, cancellationToken);
    }

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
        };
        return Server.StartAsync(name, port, "dotnet", [Path.Combine(folder, project + ".dll")], folder, all, cancellationToken);
    }
}
