using System.Collections.Frozen;

namespace OpenClaw.Edge.Policies;

/// <summary>The cost of requests under one policy.</summary>
internal sealed class CostRules
{
    /// <summary>Highest cost that can be configured or stated by an upstream.</summary>
    public const long Max = 1_000_000;

    public required long Default { get; init; }

    public required FrozenDictionary<string, long> Methods { get; init; }

    public required FrozenDictionary<string, long> Routes { get; init; }

    /// <summary>Response header in which the upstream states the cost; null when the policy has none.</summary>
    public string? ResponseHeader { get; init; }

    /// <summary>The cost of all methods of a route; null when it depends on the method.</summary>
    public long? OfRoute(string routeId) =>
        Routes.TryGetValue(routeId, out long cost) ? cost : Methods.Count == 0 ? Default : null;

    public long OfMethod(string method) => Methods.TryGetValue(method, out long cost) ? cost : Default;
}
