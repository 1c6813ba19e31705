using Microsoft.AspNetCore.Http;

namespace OpenClaw.RateLimiting.AspNetCore.Policies;

/// <summary>One charge of a policy: which buckets, and whose. The policy is given, or named in the configuration.</summary>
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

    /// <summary>Finds the partition of a request, for a length of IPv6 prefixes.</summary>
    public Func<HttpContext, int, string> PartitionOf { get; }

    /// <summary>Whether the address is charged, independent of the user.</summary>
    public bool IsAddress { get; init; }

    /// <summary>The policy as it is now. One that the configuration no longer has stays as it was.</summary>
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
