using Microsoft.AspNetCore.Http;

namespace OpenClaw.RateLimiting.AspNetCore.Policies;

/// <summary>One charge of a policy: the buckets and the partition. The buckets come from a policy object or from the configured policy of a
/// name.</summary>
internal sealed class ChargeRule
{
    private readonly string? _name;
    private RateLimitPolicy? _policy;

    public ChargeRule(RateLimitPolicy policy, Func<HttpContext, int, string> partition)
    {
        ArgumentNullException.ThrowIfNull(policy);
        _policy = policy;
        PartitionOf = partition;
    }

    public ChargeRule(string policy, Func<HttpContext, int, string> partition)
    {
        ArgumentException.ThrowIfNullOrEmpty(policy);
        _name = policy;
        PartitionOf = partition;
    }

    /// <summary>Finds the partition of a request. The number is the prefix length of IPv6 addresses.</summary>
    public Func<HttpContext, int, string> PartitionOf { get; }

    /// <summary>Whether the charge is by address.</summary>
    public bool IsAddress { get; init; }

    /// <summary>The current policy. A policy that was removed from the configuration keeps its last limits.</summary>
    /// <exception cref="KeyNotFoundException">The configuration never had a policy of that name.</exception>
    public RateLimitPolicy Resolve(IRateLimitPolicies policies)
    {
        if (_name is null)
        {
            return _policy!;
        }

        if (policies.TryGet(_name, out RateLimitPolicy? current))
        {
            _policy = current;
        }

        return _policy ?? policies[_name];
    }
}
