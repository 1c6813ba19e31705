using System.Collections.Frozen;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Policies;

namespace OpenClaw.Edge.Rules;

/// <summary>All rules in force: policies, tiers, clients and access lists. Immutable, so that a request sees one version only.</summary>
internal sealed class EdgeRules
{
    public required FrozenDictionary<string, EdgePolicy> PoliciesByName { get; init; }

    /// <summary>The policy that also charges every limited request, by its address; null when there is none.</summary>
    public required EdgePolicy? AddressPolicy { get; init; }

    public required FrozenDictionary<string, Tier> Tiers { get; init; }

    public required ClientRegistry Clients { get; init; }

    public required AccessList Allow { get; init; }

    public required AccessList Deny { get; init; }

    /// <summary>The document that overrides the configuration; empty when there is none.</summary>
    public required RulesDocument Document { get; init; }
}
