using System.Collections.Frozen;

namespace OpenClaw.Edge.Policies;

/// <summary>What a request costs under one policy.</summary>
internal sealed class CostRules
{
    /// <summary>Highest cost that may be configured, and that an upstream may state.</summary>
    public const long Max = 1_000_000;

    public required long Default { get; init; }

    public required FrozenDictionary<string, long> Methods { get; init; }

    public required FrozenDictionary<string, long> Routes { get; init; }

    /// <summary>Response header with the cost as the upstream saw it; null when the policy has none.</summary>
    public string? ResponseHeader { get; init; }

    /// <summary>The cost that holds for every method of a route, or null when it depends on the method.</summary>
    public long? OfRoute(string routeId) =>
        Routes.TryGetValue(routeId, out long cost) ? cost : Methods.Count == 0 ? Default : null;

    public long OfMethod(string method) => Methods.TryGetValue(method, out long cost) ? cost : Default;
}
