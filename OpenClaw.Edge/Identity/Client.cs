using OpenClaw.Edge.Policies;

namespace OpenClaw.Edge.Identity;

/// <summary>A configured client.</summary>
internal sealed class Client(string id, Tier? tier, bool enabled, Contacts? contacts = null)
{
    public string Id { get; } = id;

    public Tier? Tier { get; } = tier;

    public bool Enabled { get; } = enabled;

    /// <summary>Contacts to notify of the client's events; null for none.</summary>
    public Contacts? Contacts { get; } = contacts;

    /// <summary>The client's partition in policies partitioned by client.</summary>
    public string Partition { get; } = PartitionNames.OfClient(id);
}
