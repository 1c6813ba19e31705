namespace OpenClaw.Edge.Policies;

/// <summary>How a policy divides requests: each partition has its own buckets.</summary>
internal enum PartitionKind
{
    Client,
    Address,
    Route,
    Global,
    Header,
}
