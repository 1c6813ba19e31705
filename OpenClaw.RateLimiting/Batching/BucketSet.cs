namespace OpenClaw.RateLimiting.Batching;

/// <summary>Some of the buckets of a policy: one bit for each of the at most <see cref="RateLimitPolicy.MaxBuckets"/>, in their order.</summary>
internal static class BucketSet
{
    public const byte All = byte.MaxValue;

    public static bool Has(byte buckets, int index) => (buckets >> index & 1) != 0;

    /// <summary>The buckets that paid in a decision: all in it, if it was allowed, but for the shadows that lacked. Found by name, since
    /// the policy may have changed
    /// meanwhile.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="policy">The policy whose buckets are asked for.</param>
    /// <param name="inStore">Only buckets in the store, and none in this process.</param>
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

    /// <summary>The buckets in this process that paid for the partition; null when none did.</summary>
    public static ILocalBuckets? LocalIn(in RateLimitDecision decision, in Charge charge)
    {
        foreach (BucketStatus status in decision.Buckets)
        {
            if (decision.IsAllowed && status.Local is { } local && local.Name == charge.Partition && status.Policy.Name == charge.Policy.Name)
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
