namespace OpenClaw.RateLimiting;

/// <summary>A bucket in exact integers. Capacity C and R tokens per P microseconds are reduced by their common divisor: one token is P
/// units, R units refill per microsecond, and a full bucket holds C·P units. The deficit, the units missing from a full bucket, is
/// therefore always a whole number. All numbers stay within 2^53, where the doubles of Lua are exact.</summary>
internal sealed class BucketArithmetic
{
    /// <summary>Largest number of units: up to 2^53 every integer is exact as a double.</summary>
    public const long MaxUnits = 1L << 53;

    /// <summary>Largest number of equal shares of a bucket: <see cref="MaxUnits"/> times this still fits 64 bits.</summary>
    public const int MaxShares = 1000;

    /// <summary>Retry-after of a cost that only Redis could grant, during an outage of unknown length.</summary>
    public static readonly TimeSpan OutageRetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Numbers of a bucket, or of one of <paramref name="shares"/> equal shares of it. A share divides the rate exactly and rounds
    /// the capacity down to whole tokens, but at least one.</summary>
    public BucketArithmetic(TokenBucket bucket, int shares = 1)
    {
        Bucket = bucket;
        long period = bucket.RefillPeriod.Ticks / TimeSpan.TicksPerMicrosecond * shares;
        long divisor = CommonDivisor(bucket.RefillTokens, period);
        UnitsPerToken = period / divisor;
        UnitsPerMicrosecond = bucket.RefillTokens / divisor;
        Capacity = checked(Math.Max(1, bucket.Capacity / shares) * UnitsPerToken);
        Tag = TagOf(bucket.Name);
    }

    /// <summary>The bucket.</summary>
    public TokenBucket Bucket { get; }

    /// <summary>Units in one token.</summary>
    public long UnitsPerToken { get; }

    /// <summary>Units refilled in one microsecond.</summary>
    public long UnitsPerMicrosecond { get; }

    /// <summary>Units in a full bucket.</summary>
    public long Capacity { get; }

    /// <summary>16-bit hash of the name. It finds the bucket in stored state after a policy has changed.</summary>
    public ushort Tag { get; }

    /// <summary>Whether the bucket never denies.</summary>
    public bool Shadow => Bucket.Shadow;

    /// <summary>Whether both count the same bucket in the same units, so that a deficit can be carried over.</summary>
    public bool HasSameUnits(BucketArithmetic other)
        => Tag == other.Tag && Capacity == other.Capacity
            && UnitsPerToken == other.UnitsPerToken && UnitsPerMicrosecond == other.UnitsPerMicrosecond;

    /// <summary>Greatest common divisor of two positive numbers.</summary>
    public static long CommonDivisor(long a, long b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }

    /// <summary>Deficit after <paramref name="elapsed"/> microseconds without a charge.</summary>
    public long Refill(long deficit, long elapsed)
        => elapsed <= 0 ? deficit : elapsed > deficit / UnitsPerMicrosecond ? 0 : deficit - (elapsed * UnitsPerMicrosecond);

    /// <summary>Whether the bucket holds at least <paramref name="cost"/> tokens.</summary>
    public bool CanPay(long deficit, long cost) => cost == 0 || (cost <= Bucket.Capacity && cost * UnitsPerToken <= Capacity - deficit);

    /// <summary>Whether the bucket holds fewer than two tokens, or less than a quarter of its capacity. Only denials by scarce buckets are
    /// cached, so a refund to any other bucket makes no cached denial wrong and need not be announced. <c>decide.lua</c> follows the same
    /// rule.</summary>
    public bool IsScarce(long deficit) => Capacity - deficit < Math.Max(2 * UnitsPerToken, Capacity / 4);

    /// <summary>Whether the bucket denies <paramref name="cost"/> tokens, and every refund that could change that will be
    /// announced.</summary>
    public bool IsSureToRefuse(long deficit, long cost)
        => !Shadow && !CanPay(deficit, cost) && (cost > Bucket.Capacity || IsScarce(deficit));

    /// <summary>Deficit after taking <paramref name="cost"/> tokens, or as many as there are.</summary>
    public long Take(long deficit, long cost) => cost >= Bucket.Capacity ? Capacity : Math.Min(Capacity, deficit + (cost * UnitsPerToken));

    /// <summary>Deficit after returning <paramref name="cost"/> tokens, up to capacity.</summary>
    public long Give(long deficit, long cost) => cost >= Bucket.Capacity ? 0 : Math.Max(0, deficit - (cost * UnitsPerToken));

    /// <summary>Converts the deficit of a bucket of <paramref name="capacity"/> units to this capacity, in proportion. Rounds towards
    /// empty.</summary>
    public long Scale(long deficit, long capacity)
        => capacity == Capacity ? deficit : (long)((((UInt128)deficit * (ulong)Capacity) + (ulong)capacity - 1) / (ulong)capacity);

    /// <summary>Whole tokens in the bucket.</summary>
    public long WholeTokens(long deficit) => (Capacity - deficit) / UnitsPerToken;

    /// <summary>Time until the bucket holds <paramref name="cost"/> tokens: zero if it does now, infinite if the cost is above its
    /// capacity. A cost above this share, but not above the whole bucket, has to wait for Redis: <see cref="OutageRetryAfter"/>.</summary>
    public TimeSpan TimeToPay(long deficit, long cost)
    {
        if (cost > Bucket.Capacity)
        {
            return Timeout.InfiniteTimeSpan;
        }

        if (cost * UnitsPerToken > Capacity)
        {
            return OutageRetryAfter;
        }

        long missing = (cost * UnitsPerToken) - (Capacity - deficit);
        return missing <= 0 ? TimeSpan.Zero : Duration(missing);
    }

    /// <summary>Time until the bucket is full.</summary>
    public TimeSpan TimeToFull(long deficit) => Duration(deficit);

    // Rounded up to whole microseconds.
    private TimeSpan Duration(long units)
    {
        long microseconds = (units / UnitsPerMicrosecond) + (units % UnitsPerMicrosecond == 0 ? 0 : 1);
        return new TimeSpan(microseconds * TimeSpan.TicksPerMicrosecond);
    }

    private static ushort TagOf(string name)
    {
        uint hash = 2166136261;
        foreach (char c in name)
        {
            hash = (hash ^ c) * 16777619;
        }

        return (ushort)(hash ^ (hash >> 16));
    }
}
