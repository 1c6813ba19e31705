using System.Diagnostics.CodeAnalysis;

namespace OpenClaw.RateLimiting;

/// <summary>Policies from configuration, by name. Follows changes of the configuration; while a change is invalid, the previous policies
/// remain in force.</summary>
public interface IRateLimitPolicies
{
    /// <summary>Names of all policies, sorted.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The current policy of that name. Names are case-insensitive.</summary>
    /// <exception cref="KeyNotFoundException">There is no such policy. The message lists all names.</exception>
    RateLimitPolicy this[string name] { get; }

    /// <summary>Finds a policy; false if there is no policy of that name.</summary>
    bool TryGet(string name, [NotNullWhen(true)] out RateLimitPolicy? policy);
}
