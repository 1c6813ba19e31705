using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Rules;

namespace OpenClaw.Edge.Limiting;

/// <summary>Endpoint metadata of every proxied route. Caches the route's policy and cost under the current rules.</summary>
/// <param name="routeId">The route's id in YARP's configuration.</param>
/// <param name="policyName">The policy that the route names; null for a route without a limit.</param>
/// <param name="rules">The rules in force. They contain the policy.</param>
internal sealed class EdgeRoute(string routeId, string? policyName, EdgeRules rules)
{
    private Resolved? _resolved = policyName is null ? null : new Resolved(rules, rules.PoliciesByName[policyName], routeId);

    public bool IsLimited => policyName is not null;

    public string Partition { get; } = PartitionNames.OfRoute(routeId);

    /// <summary>The policy of a limited route. When new rules lack it and YARP has not yet dropped the route, the last known one.</summary>
    public EdgePolicy PolicyOf(EdgeRules rules) => ResolvedOf(rules).Policy;

    /// <summary>What a request to a limited route costs. A CONNECT at this point opens a WebSocket and costs as much as the GET that does
    /// so over HTTP/1.1.</summary>
    public long CostOf(EdgeRules rules, string method)
    {
        Resolved resolved = ResolvedOf(rules);
        return resolved.Cost ?? resolved.Policy.Cost.OfMethod(HttpMethods.IsConnect(method) ? HttpMethods.Get : method);
    }

    private Resolved ResolvedOf(EdgeRules rules)
    {
        Resolved resolved = Volatile.Read(ref _resolved)!;
        if (resolved.Rules != rules)
        {
            resolved = new Resolved(rules, rules.PoliciesByName.GetValueOrDefault(policyName!) ?? resolved.Policy, routeId);
            Volatile.Write(ref _resolved, resolved);
        }

        return resolved;
    }

    private sealed class Resolved(EdgeRules rules, EdgePolicy policy, string routeId)
    {
        public EdgeRules Rules { get; } = rules;

        public EdgePolicy Policy { get; } = policy;

        public long? Cost { get; } = policy.Cost.OfRoute(routeId);
    }
}
