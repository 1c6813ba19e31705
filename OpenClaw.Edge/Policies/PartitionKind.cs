namespace OpenClaw.Edge.Policies;

/// <summary>Whose buckets a policy charges.</summary>
internal enum PartitionKind
{
    Client,
    Address,
    Route,
    Global,
    Header,
}
