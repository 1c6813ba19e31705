using OpenClaw.EdgeBench.Targets;

namespace OpenClaw.EdgeBench.Measurements;

/// <summary>The workloads and comparisons.</summary>
internal static class Plan
{
    private const int ManyClients = 10_000;

    private static readonly Workload Direct = new("rating API itself", EdgeTargets.RatingApi);
    private static readonly Workload Unlimited = new("edge, no policy on the route", EdgeTargets.Unlimited);
    private static readonly Workload Hot = new("edge, hot key", EdgeTargets.Allowing);
    private static readonly Workload Many = new("edge, 10 000 keys", EdgeTargets.Allowing, ManyClients);
    private static readonly Workload ManyAddresses = new(
        "edge, 10 000 keys from as many addresses", EdgeTargets.Allowing, ManyClients, ManyClients);
    private static readonly Workload HotAlone = new("edge, hot key, decided in memory", EdgeTargets.AllowingAlone);
    private static readonly Workload ManyAlone = new("edge, 10 000 keys, decided in memory", EdgeTargets.AllowingAlone, ManyClients);
    private static readonly Workload Denied = new("edge, denied", EdgeTargets.Denying, Denied: true);

    private static readonly Workload HotUnwatched = new("edge, hot key, usage and events off", EdgeTargets.AllowingUnwatched);
    private static readonly Workload ManyUnwatched = new(
        "edge, 10 000 keys, usage and events off", EdgeTargets.AllowingUnwatched, ManyClients);
    private static readonly Workload DeniedUnwatched = new(
        "edge, denied, usage and events off", EdgeTargets.DenyingUnwatched, Denied: true);

    private static readonly Workload UnlimitedHttp2 = new("edge, HTTP/2 upstream, no policy", EdgeTargets.UnlimitedHttp2);
    private static readonly Workload HotHttp2 = new("edge, HTTP/2 upstream, hot key", EdgeTargets.AllowingHttp2);
    private static readonly Workload ManyHttp2 = new("edge, HTTP/2 upstream, 10 000 keys", EdgeTargets.AllowingHttp2, ManyClients);

    private static readonly Workload NginxUnlimited = new("nginx, no policy", PeerTargets.NginxUnlimited);
    private static readonly Workload NginxHot = new("nginx + Lua + Redis, hot key", PeerTargets.NginxAllowing);
    private static readonly Workload NginxMany = new("nginx + Lua + Redis, 10 000 keys", PeerTargets.NginxAllowing, ManyClients);
    private static readonly Workload NginxDenied = new("nginx + Lua + Redis, denied", PeerTargets.NginxDenying, Denied: true);

    private static readonly Workload FlexibleHot = new("rate-limiter-flexible, hot key", PeerTargets.FlexibleAllowing);
    private static readonly Workload FlexibleMany = new("rate-limiter-flexible, 10 000 keys", PeerTargets.FlexibleAllowing, ManyClients);
    private static readonly Workload FlexibleDenied = new("rate-limiter-flexible, denied", PeerTargets.FlexibleDenying, Denied: true);

    private static readonly Workload SeedHot = new("article's Node sample, hot key", PeerTargets.SeedAllowing);
    private static readonly Workload SeedDenied = new("article's Node sample, denied", PeerTargets.SeedDenying, Denied: true);

    public static IReadOnlyList<Workload> Workloads { get; } =
    [
        Direct, Unlimited, Hot, Many, ManyAddresses, HotAlone, ManyAlone, Denied,
        HotUnwatched, ManyUnwatched, DeniedUnwatched,
        UnlimitedHttp2, HotHttp2, ManyHttp2,
        NginxUnlimited, NginxHot, NginxMany, NginxDenied,
        FlexibleHot, FlexibleMany, FlexibleDenied,
        SeedHot, SeedDenied,
    ];

    public static IReadOnlyList<Comparison> Comparisons { get; } =
    [
        new(Hot, Unlimited, 0.95),
        new(Many, Unlimited, 0.90),
        new(ManyAddresses, Unlimited),
        new(HotAlone, Unlimited),
        new(ManyAlone, Unlimited),
        new(Denied, Unlimited, 4),
        new(Hot, HotUnwatched, 0.99),
        new(Many, ManyUnwatched, 0.99),
        new(Denied, DeniedUnwatched, 0.99),
        new(HotHttp2, UnlimitedHttp2, 0.95),
        new(ManyHttp2, UnlimitedHttp2, 0.90),
        new(Hot, NginxHot, 1.3),
        new(Many, NginxMany, 1.3),
        new(HotHttp2, NginxHot, 1.3),
        new(ManyHttp2, NginxMany, 1.3),
        new(Denied, NginxDenied),
        new(Unlimited, NginxUnlimited),
        new(NginxHot, NginxUnlimited),
        new(Hot, FlexibleHot, 4),
        new(Many, FlexibleMany, 4),
        new(Denied, FlexibleDenied),
        new(Hot, SeedHot),
        new(Denied, SeedDenied),
    ];

    public static IReadOnlyList<LimitCost> LimitCosts { get; } =
    [
        new("hot key", (Hot, Unlimited), (NginxHot, NginxUnlimited), 0.25),
        new("10 000 keys", (Many, Unlimited), (NginxMany, NginxUnlimited), 0.33),
    ];

    /// <summary>Comparisons of the guard.</summary>
    public static IReadOnlyList<Comparison> Guarded { get; } =
    [
        new(Unlimited, Direct),
        new(Hot, Unlimited),
        new(Many, Unlimited),
        new(Denied, Unlimited),
    ];
}
