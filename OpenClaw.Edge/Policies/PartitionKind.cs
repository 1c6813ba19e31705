namespace OpenClaw.Edge.Policies;

/// <summary>What has its own buckets under a policy.</summary>
internal enum PartitionKind
{
    Client,
    Address,
    Route,
    Global,
    Header,
}
