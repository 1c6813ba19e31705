using OpenClaw.RateLimiting.AspNetCore.Headers;
using OpenClaw.RateLimiting.AspNetCore.Problems;

namespace OpenClaw.RateLimiting.AspNetCore.Policies;

/// <summary>Header fields and problems for responses of a set of policies. An address policy among others is shown only when it
/// refuses.</summary>
internal sealed class PolicyResponses
{
    /// <param name="policies">One policy for each charge.</param>
    /// <param name="rules">The charges.</param>
    public PolicyResponses(RateLimitPolicy[] policies, IReadOnlyList<ChargeRule> rules)
    {
        Policies = policies;
        RateLimitPolicy[] shown = [.. policies.Where((_, index) => policies.Length == 1 || !rules[index].IsAddress)];
        Fields = new RateLimitHeaderCache(shown);
        AddressFields = shown.Length == policies.Length
            ? null
            : new RateLimitHeaderCache(policies.Where((_, index) => rules[index].IsAddress).Single());
        Problems = new DenialProblems(shown);
    }

    public RateLimitPolicy[] Policies { get; }

    public RateLimitHeaderCache Fields { get; }

    /// <summary>Fields of the address policy that is charged in addition to others; null if there is none.</summary>
    public RateLimitHeaderCache? AddressFields { get; }

    public DenialProblems Problems { get; }
}
