namespace OpenClaw.RateLimiting.Batching;

/// <summary>Sets of buckets of a policy as bits: the lowest bit is the first of at most <see cref="RateLimitPolicy.MaxBuckets"/>
/// buckets.</summary>
internal static class BucketSet
{
    public const byte All = byte.MaxValue;

    public static bool Has(byte buckets, int index) => (buckets >> index & 1) != 0;

    /// <summary>Buckets that paid in a decision: if it was allowed, all except shadows with too few tokens. They are matched by name, since
    /// the policy may have changed meanwhile.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="policy">Policy of the buckets.</param>
    /// <param name="inStore">Whether to leave out buckets in this process.</param>
    public static byte PaidIn(in RateLimitDecision decision, RateLimitPolicy policy, bool inStore = false)
    {
        int paid = 0, lacking = 0;
        foreach (BucketStatus status in decision.Buckets)
        {
            if (decision.IsAllowed && status.Policy.Name == policy.Name && (!inStore || status.Local is null))
            {
                int bit = BitOf(status.Bucket.Name, policy);
                paid |= bit;
                lacking |= status.IsInsufficient ? bit : 0;
            }
        }

        return (byte)(paid & ~lacking);
    }

    /// <summary>In-process buckets of the partition that paid in a decision; null if none did.</summary>
    public static ILocalBuckets? LocalIn(in RateLimitDecision decision, in Charge charge)
    {
        foreach (BucketStatus status in decision.Buckets)
        {
            if (decision.IsAllowed
                && status.Local is { } local
                && local.Name == charge.Partition
                && status.Policy.Name == charge.Policy.Name)
            {
                return local;
            }
        }

        return null;
    }

    private static int BitOf(string name, RateLimitPolicy policy)
    {
        for (var i = 0; i < policy.Numbers.Length; i++)
        {
            if (policy.Numbers[i].Bucket.Name == name)
            {
                return 1 << i;
            }
        }

        return 0;
    }
}
