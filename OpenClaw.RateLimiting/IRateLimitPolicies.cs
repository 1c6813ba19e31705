using System.Diagnostics.CodeAnalysis;

namespace OpenClaw.RateLimiting;

/// <summary>Policies from configuration, by name. Follows changes of the configuration; while those are invalid, the former policies stay
/// in force.</summary>
public interface IRateLimitPolicies
{
    /// <summary>Names of all policies, sorted.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The policy of that name as it is now. Upper and lower case are the same.</summary>
    /// <exception cref="KeyNotFoundException">There is no such policy. The message lists all names.</exception>
    RateLimitPolicy this[string name] { get; }

    /// <summary>Finds a policy; false if there is none of that name.</summary>
    bool TryGet(string name, [NotNullWhen(true)] out RateLimitPolicy? policy);
}
