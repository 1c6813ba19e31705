using OpenClaw.Edge.Policies;

namespace OpenClaw.Edge.Identity;

/// <summary>A configured client.</summary>
internal sealed class Client(string id, Tier? tier, bool enabled)
{
    public string Id { get; } = id;

    public Tier? Tier { get; } = tier;

    public bool Enabled { get; } = enabled;

    /// <summary>The client's partition in policies partitioned by client.</summary>
    public string Partition { get; } = PartitionNames.OfClient(id);
}
