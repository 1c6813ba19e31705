using OpenClaw.EdgeBench.Servers;

namespace OpenClaw.EdgeBench.Targets;

/// <summary>The edge with its default settings and all features, and the changes of a benchmark.</summary>
/// <param name="Name">Name in reports.</param>
internal sealed record EdgeSetup(string Name)
{
    /// <summary>The policy's bucket; null for a route without a policy.</summary>
    public Limits? Limits { get; init; }

    /// <summary>Whether the rating API speaks HTTP/2 without TLS.</summary>
    public bool Http2 { get; init; }

    /// <summary>Folder of a published edge; null for the build output.</summary>
    public string? Folder { get; init; }

    /// <summary>The processors that it is bound to, as <c>taskset</c> names them; null for all.</summary>
    public string? Processors { get; init; }

    /// <summary>A command that starts it; empty for none.</summary>
    public IReadOnlyList<string> Prefix { get; init; } = [];

    /// <summary>Further variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Starts an edge and waits until it listens.</summary>
    /// <param name="redis">Connection string.</param>
    /// <param name="ratingApi">The upstream.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<Server> StartAsync(string redis, Server ratingApi, CancellationToken cancellationToken)
    {
        Dictionary<string, string> environment = new()
        {
            ["ConnectionStrings__redis"] = redis,
            ["services__rating-api__http__0"] = ratingApi.Url.GetLeftPart(UriPartial.Authority),
            // The whole identity path is on: a trusted proxy, X-Forwarded-For, and keys that are hashed and each a client of its own.
            ["OpenClaw__Edge__ClientAddress__TrustedNetworks__0"] = "127.0.0.0/8",
            ["OpenClaw__Edge__ApiKeys__Unknown"] = "Accept",
            ["OpenClaw__Edge__ApiKeys__Pepper"] = "a pepper for benchmarks only, 32 or more",
            ["ReverseProxy__Routes__rating__RateLimiterPolicy"] = Limits is null ? "" : "bench",
        };
        if (Limits is not null)
        {
            SetBucket(environment, "bench", "burst", Limits);
            // Every request is also charged to the address bucket, which must not refuse it.
            SetBucket(environment, "address", "address", Limits.Allow);
        }

        if (Http2)
        {
            environment["ReverseProxy__Clusters__rating-api__HttpRequest__Version"] = "2";
            environment["ReverseProxy__Clusters__rating-api__HttpRequest__VersionPolicy"] = "RequestVersionExact";
        }

        foreach ((string name, string value) in Environment)
        {
            environment[name] = value;
        }

        return DotNetServer.StartAsync(
            Name, "OpenClaw.Edge", environment, [.. Prefix, .. DotNetServer.BoundTo(Processors)], Folder, cancellationToken);
    }

    private static void SetBucket(Dictionary<string, string> environment, string policy, string name, Limits limits)
    {
        string bucket = $"OpenClaw__Edge__Policies__{policy}__Buckets__{name}__";
        environment[bucket + "Capacity"] = $"{limits.Capacity}";
        environment[bucket + "RefillTokens"] = $"{limits.RefillTokens}";
        environment[bucket + "RefillPeriod"] = $"{limits.RefillPeriod:c}";
    }
}
