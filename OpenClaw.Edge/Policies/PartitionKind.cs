namespace OpenClaw.Edge.Policies;

/// <summary>How a policy divides requests: each partition has its own buckets. CONTRIBUTING.md lists what a new kind
/// touches.</summary>
internal enum PartitionKind
{
    Client,
    Address,
    Route,
    Global,
    Header,
}
