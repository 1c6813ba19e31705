namespace OpenClaw.Edge.Options;

/// <summary>Settings that can change while the edge runs: policies, tiers, clients and access lists.</summary>
internal class RulesOptions
{
    public const string DefaultAddressPolicy = "address";

    /// <summary>Name of the policy that also charges every limited request, by its address. Empty: none. Default <c>address</c>.</summary>
    public string AddressPolicy { get; set; } = DefaultAddressPolicy;

    /// <summary>Policies by name. A policy called <c>address</c> exists even when none is configured: 200 at 50/s.</summary>
    public Dictionary<string, PolicyOptions> Policies { get; set; } = [];

    /// <summary>By tier, by policy, by bucket: limits that replace the policy's own for the tier's clients.</summary>
    public Dictionary<string, Dictionary<string, Dictionary<string, TierBucketOptions>>> Tiers { get; set; } = [];

    /// <summary>Known clients by id.</summary>
    public Dictionary<string, ClientOptions> Clients { get; set; } = [];

    /// <summary>Addresses and clients that are never limited.</summary>
    public AccessListOptions Allow { get; set; } = new();

    /// <summary>Addresses and clients refused with 403. Takes precedence over <see cref="Allow"/>.</summary>
    public AccessListOptions Deny { get; set; } = new();
}
