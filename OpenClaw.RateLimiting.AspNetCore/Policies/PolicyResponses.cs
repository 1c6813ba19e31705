using OpenClaw.RateLimiting.AspNetCore.Headers;

namespace OpenClaw.RateLimiting.AspNetCore.Policies;

/// <summary>What responses show of a set of policies: the policy by address only if others are beside it and it refuses.</summary>
internal sealed class PolicyResponses
{
    /// <summary>Responses of policies, one for each charge.</summary>
    public PolicyResponses(RateLimitPolicy[] policies, IReadOnlyList<ChargeRule> rules)
    {
        Policies = policies;
        RateLimitPolicy[] shown = [.. policies.Where((_, index) => policies.Length == 1 || !rules[index].IsAddress)];
        Shown = new PolicyResponseCache(shown);
        Address = shown.Length == policies.Length
            ? null
            : new PolicyResponseCache(policies.Where((_, index) => rules[index].IsAddress).Single());
    }

    public RateLimitPolicy[] Policies { get; }

    public PolicyResponseCache Shown { get; }

    /// <summary>The address policy that is charged beside others.</summary>
    public PolicyResponseCache? Address { get; }
}
