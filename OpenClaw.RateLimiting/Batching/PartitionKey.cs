namespace OpenClaw.RateLimiting.Batching;

/// <summary>One partition of a policy, whatever version of the policy's numbers.</summary>
internal readonly record struct PartitionKey(string Policy, string Partition)
{
    public PartitionKey(in Charge charge)
        : this(charge.Policy.Name, charge.Partition)
    {
    }
}
