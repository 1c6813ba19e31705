namespace OpenClaw.Soak.Tests.Edges;

/// <summary>A policy of the edges, with one route and one address that asks for it: metrics count by policy.</summary>
/// <param name="Name">The policy, its route, and the first part of the route's path.</param>
/// <param name="Capacity">Tokens in a full bucket.</param>
/// <param name="RefillTokens">Tokens that come back per <paramref name="Period"/>.</param>
/// <param name="Period">The period of refill.</param>
/// <param name="Address">The client's address.</param>
/// <param name="FailureMode">What answers while Redis does not.</param>
/// <param name="Cost">Tokens per request.</param>
internal sealed record SoakPolicy(
    string Name, long Capacity, long RefillTokens, TimeSpan Period, string Address, string FailureMode = "Local", int Cost = 1)
{
    /// <summary>The response header in which the upstream states a cost.</summary>
    public const string CostHeader = "X-Cost";

    /// <summary>An address that every rules document denies.</summary>
    public const string Outcast = "198.51.100.9";

    /// <summary>An address that documents of odd versions deny.</summary>
    public const string Sometimes = "198.51.100.77";

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Policies whose grants are held to capacity + rate × t.</summary>
    public static readonly SoakPolicy[] Limited =
    [
        new("hot-0", 20, 10, Second, "203.0.113.10"),
        new("hot-1", 20, 10, Second, "203.0.113.11"),
        new("hot-2", 6, 2, Second, "203.0.113.12"),
        new("closed", 40, 20, Second, "203.0.113.14", "Closed"),
        new("open", 10, 5, Second, "203.0.113.15", "Open"),
    ];

    /// <summary>Rewritten in Redis between half of these numbers and these.</summary>
    public static readonly SoakPolicy Rewritten = new("rewritten", 12, 4, Second, "203.0.113.13");

    /// <summary>Refills one token an hour, so that what it holds tells every token that was charged and given back. The upstream states
    /// costs.</summary>
    public static readonly SoakPolicy Settled = new("settled", 2_000_000, 1, Hour, "203.0.113.20", Cost: 5);

    /// <summary>The same for clients who leave early.</summary>
    public static readonly SoakPolicy Left = new("left", 2_000_000, 1, Hour, "203.0.113.21");

    /// <summary>Free. Their only bucket is named after the version of the document, in Redis and in the file, that is in force.</summary>
    public const string RedisMarker = "marker", FileMarker = "filemarker";

    public static IEnumerable<SoakPolicy> All => [.. Limited, Rewritten, Settled, Left];

    public double Rate => RefillTokens / Period.TotalSeconds;

    /// <summary>The policy as settings write it.</summary>
    public object ToSettings(int divisor = 1) => new
    {
        PartitionBy = "address",
        FailureMode,
        Buckets = new Dictionary<string, object>
        {
            ["tokens"] = new
            {
                Capacity = Capacity / divisor,
                RefillTokens = Math.Max(1, RefillTokens / divisor),
                RefillPeriod = Period.ToString("c"),
            },
        },
        Cost = Cost == 1 && this != Left
            ? (object)new { Default = Cost }
            : new { Default = Cost, ResponseHeader = CostHeader },
    };

    /// <summary>A free policy whose bucket names a version.</summary>
    public static object MarkerSettings(string version) => new
    {
        PartitionBy = "address",
        Buckets = new Dictionary<string, object> { [version] = new { Capacity = 1000, RefillTokens = 1000 } },
        Cost = new { Default = 0 },
    };
}
