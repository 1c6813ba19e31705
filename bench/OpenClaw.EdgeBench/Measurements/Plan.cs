using OpenClaw.EdgeBench.Targets;

namespace OpenClaw.EdgeBench.Measurements;

/// <summary>What is measured and what is compared.</summary>
internal static class Plan
{
    private const int ManyClients = 10_000;

    private static readonly Workload _direct = new("rating API itself", EdgeTargets.RatingApi);
    private static readonly Workload _unlimited = new("edge, no policy on the route", EdgeTargets.Unlimited);
    private static readonly Workload _hot = new("edge, hot key", EdgeTargets.Allowing);
    private static readonly Workload _many = new("edge, 10 000 keys", EdgeTargets.Allowing, ManyClients);
    private static readonly Workload _manyAddresses = new(
        "edge, 10 000 keys from as many addresses", EdgeTargets.Allowing, ManyClients, ManyClients);
    private static readonly Workload _hotAlone = new("edge, hot key, decided in memory", EdgeTargets.AllowingAlone);
    private static readonly Workload _manyAlone = new("edge, 10 000 keys, decided in memory", EdgeTargets.AllowingAlone, ManyClients);
    private static readonly Workload _denied = new("edge, denied", EdgeTargets.Denying, Denied: true);

    private static readonly Workload _hotUnwatched = new("edge, hot key, usage and events off", EdgeTargets.AllowingUnwatched);
    private static readonly Workload _manyUnwatched = new(
        "edge, 10 000 keys, usage and events off", EdgeTargets.AllowingUnwatched, ManyClients);
    private static readonly Workload _deniedUnwatched = new(
        "edge, denied, usage and events off", EdgeTargets.DenyingUnwatched, Denied: true);

    private static readonly Workload _unlimitedHttp2 = new("edge, HTTP/2 upstream, no policy", EdgeTargets.UnlimitedHttp2);
    private static readonly Workload _hotHttp2 = new("edge, HTTP/2 upstream, hot key", EdgeTargets.AllowingHttp2);
    private static readonly Workload _manyHttp2 = new("edge, HTTP/2 upstream, 10 000 keys", EdgeTargets.AllowingHttp2, ManyClients);

    private static readonly Workload _nginxUnlimited = new("nginx, no policy", PeerTargets.NginxUnlimited);
    private static readonly Workload _nginxHot = new("nginx + Lua + Redis, hot key", PeerTargets.NginxAllowing);
    private static readonly Workload _nginxMany = new("nginx + Lua + Redis, 10 000 keys", PeerTargets.NginxAllowing, ManyClients);
    private static readonly Workload _nginxDenied = new("nginx + Lua + Redis, denied", PeerTargets.NginxDenying, Denied: true);

    private static readonly Workload _flexibleHot = new("rate-limiter-flexible, hot key", PeerTargets.FlexibleAllowing);
    private static readonly Workload _flexibleMany = new("rate-limiter-flexible, 10 000 keys", PeerTargets.FlexibleAllowing, ManyClients);
    private static readonly Workload _flexibleDenied = new("rate-limiter-flexible, denied", PeerTargets.FlexibleDenying, Denied: true);

    private static readonly Workload _seedHot = new("article's Node sample, hot key", PeerTargets.SeedAllowing);
    private static readonly Workload _seedDenied = new("article's Node sample, denied", PeerTargets.SeedDenying, Denied: true);

    public static IReadOnlyList<Workload> Workloads { get; } =
    [
        _direct, _unlimited, _hot, _many, _manyAddresses, _hotAlone, _manyAlone, _denied,
        _hotUnwatched, _manyUnwatched, _deniedUnwatched,
        _unlimitedHttp2, _hotHttp2, _manyHttp2,
        _nginxUnlimited, _nginxHot, _nginxMany, _nginxDenied,
        _flexibleHot, _flexibleMany, _flexibleDenied,
        _seedHot, _seedDenied,
    ];

    public static IReadOnlyList<Comparison> Comparisons { get; } =
    [
        new(_hot, _unlimited, 0.95),
        new(_many, _unlimited, 0.90),
        new(_manyAddresses, _unlimited),
        new(_hotAlone, _unlimited),
        new(_manyAlone, _unlimited),
        new(_denied, _unlimited, 4),
        new(_hot, _hotUnwatched, 0.99),
        new(_many, _manyUnwatched, 0.99),
        new(_denied, _deniedUnwatched, 0.99),
        new(_hotHttp2, _unlimitedHttp2, 0.95),
        new(_manyHttp2, _unlimitedHttp2, 0.90),
        new(_hot, _nginxHot, 1.3),
        new(_many, _nginxMany, 1.3),
        new(_hotHttp2, _nginxHot, 1.3),
        new(_manyHttp2, _nginxMany, 1.3),
        new(_denied, _nginxDenied),
        new(_unlimited, _nginxUnlimited),
        new(_nginxHot, _nginxUnlimited),
        new(_hot, _flexibleHot, 4),
        new(_many, _flexibleMany, 4),
        new(_denied, _flexibleDenied),
        new(_hot, _seedHot),
        new(_denied, _seedDenied),
    ];

    public static IReadOnlyList<LimitCost> LimitCosts { get; } =
    [
        new("hot key", (_hot, _unlimited), (_nginxHot, _nginxUnlimited), 0.25),
        new("10 000 keys", (_many, _unlimited), (_nginxMany, _nginxUnlimited), 0.33),
    ];

    /// <summary>What the quick guard compares.</summary>
    public static IReadOnlyList<Comparison> Guarded { get; } =
    [
        new(_unlimited, _direct),
        new(_hot, _unlimited),
        new(_many, _unlimited),
        new(_denied, _unlimited),
    ];
}
