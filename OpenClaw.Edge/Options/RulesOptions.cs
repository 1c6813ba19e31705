namespace OpenClaw.Edge.Options;

/// <summary>What may change while the edge runs: who is known and who may do how much.</summary>
internal class RulesOptions
{
    public const string DefaultAddressPolicy = "address";

    /// <summary>Name of the policy that every limited request pays first, by its address. Empty: none. Default <c>address</c>.</summary>
    public string AddressPolicy { get; set; } = DefaultAddressPolicy;

    /// <summary>Policies by name. A policy called <c>address</c> exists even when none is configured: 200 at 50/s.</summary>
    public Dictionary<string, PolicyOptions> Policies { get; set; } = [];

    /// <summary>By tier, by policy, by bucket: numbers that replace the policy's own for the clients of the tier.</summary>
    public Dictionary<string, Dictionary<string, Dictionary<string, TierBucketOptions>>> Tiers { get; set; } = [];

    /// <summary>Known clients by id.</summary>
    public Dictionary<string, ClientOptions> Clients { get; set; } = [];

    /// <summary>Who is never limited.</summary>
    public AccessListOptions Allow { get; set; } = new();

    /// <summary>Who is refused with 403. Wins over <see cref="Allow"/>.</summary>
    public AccessListOptions Deny { get; set; } = new();
}
