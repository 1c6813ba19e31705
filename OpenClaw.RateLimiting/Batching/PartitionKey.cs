namespace OpenClaw.RateLimiting.Batching;

/// <summary>Names of a policy and a partition. The same for every version of the limits.</summary>
internal readonly record struct PartitionKey(string Policy, string Partition)
{
    public PartitionKey(in Charge charge)
        : this(charge.Policy.Name, charge.Partition)
    {
    }
}
