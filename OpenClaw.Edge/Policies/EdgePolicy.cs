namespace OpenClaw.Edge.Policies;

/// <summary>A configured policy, ready for use: whose buckets, at what cost, with which numbers for which tier.</summary>
internal sealed class EdgePolicy
{
    public required string Name { get; init; }

    public required PartitionKind PartitionBy { get; init; }

    /// <summary>The header of <see cref="PartitionKind.Header"/>.</summary>
    public string? Header { get; init; }

    public required CostRules Cost { get; init; }

    /// <summary>The policy's own numbers.</summary>
    public required PolicyVariant Variant { get; init; }

    /// <summary>The numbers that apply to a tier.</summary>
    public PolicyVariant VariantFor(Tier? tier) => tier?.Overrides.GetValueOrDefault(Name) ?? Variant;
}
