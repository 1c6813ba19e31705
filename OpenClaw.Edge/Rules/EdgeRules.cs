using System.Collections.Frozen;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Policies;

namespace OpenClaw.Edge.Rules;

/// <summary>Everything that can change while the edge runs, as one immutable value: a request sees all of one version or all of the next.</summary>
internal sealed class EdgeRules
{
    public required FrozenDictionary<string, EdgePolicy> PoliciesByName { get; init; }

    /// <summary>The policy that every limited request pays first, by its address; null when there is none.</summary>
    public required EdgePolicy? AddressPolicy { get; init; }

    public required FrozenDictionary<string, Tier> Tiers { get; init; }

    public required ClientRegistry Clients { get; init; }

    public required AccessList Allow { get; init; }

    public required AccessList Deny { get; init; }
}
