namespace OpenClaw.Edge.Policies;

/// <summary>A policy in force: partition, cost, and the variant for each tier. Made by the policy compiler from <c>PolicyOptions</c>; read
/// for each request to a route of the policy.</summary>
internal sealed class EdgePolicy
{
    public required string Name { get; init; }

    public required PartitionKind PartitionBy { get; init; }

    /// <summary>The header of <see cref="PartitionKind.Header"/>.</summary>
    public string? Header { get; init; }

    public required CostRules Cost { get; init; }

    /// <summary>Denials of a client within the window that make an event, 0 for none; null for the default.</summary>
    public long? Denials { get; init; }

    /// <summary>The limits of clients without a tier, and of tiers that do not override the policy.</summary>
    public required PolicyVariant Variant { get; init; }

    /// <summary>The variant for a tier.</summary>
    public PolicyVariant VariantFor(Tier? tier) => tier?.Overrides.GetValueOrDefault(Name) ?? Variant;
}
