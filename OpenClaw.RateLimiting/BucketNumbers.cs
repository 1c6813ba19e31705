namespace OpenClaw.RateLimiting;

/// <summary>A bucket in exact integers. With capacity C and R tokens per P microseconds, reduced by their common divisor, one token is P units, R units come back per
/// microsecond and a full bucket is C·P units; what a bucket lacks to be full, its deficit, is therefore always a whole number of units. All of them stay within 2^53,
/// where the doubles of Lua are exact.</summary>
internal sealed class BucketNumbers
{
    /// <summary>The largest integer up to which every integer is a double.</summary>
    public const long MaxUnits = 1L << 53;

    /// <summary>Most equal shares that a bucket is divided into: with this many, <see cref="MaxUnits"/> times the number still fits 64 bits.</summary>
    public const int MaxShares = 1000;

    /// <summary>When to come back for what only Redis could grant, while Redis is away: nobody knows when it returns.</summary>
    public static readonly TimeSpan OutageRetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>The numbers of a bucket, or of one of <paramref name="shares"/> equal shares of it: its rate divided exactly, its capacity rounded down to whole tokens,
    /// but at least one.</summary>
    public BucketNumbers(TokenBucket bucket, int shares = 1)
    {
        Bucket = bucket;
        long period = bucket.RefillPeriod.Ticks / TimeSpan.TicksPerMicrosecond * shares;
        long divisor = CommonDivisor(bucket.RefillTokens, period);
        UnitsPerToken = period / divisor;
        UnitsPerMicrosecond = bucket.RefillTokens / divisor;
        Capacity = checked(Math.Max(1, bucket.Capacity / shares) * UnitsPerToken);
        Tag = TagOf(bucket.Name);
    }

    /// <summary>The bucket that these are the numbers of.</summary>
    public TokenBucket Bucket { get; }

    /// <summary>Units in one token.</summary>
    public long UnitsPerToken { get; }

    /// <summary>Units that come back in one microsecond.</summary>
    public long UnitsPerMicrosecond { get; }

    /// <summary>Units in a full bucket.</summary>
    public long Capacity { get; }

    /// <summary>16 bits of the bucket's name: by them stored state finds its bucket again when a policy changes.</summary>
    public ushort Tag { get; }

    /// <summary>Whether the bucket never refuses.</summary>
    public bool Shadow => Bucket.Shadow;

    /// <summary>Whether deficits mean the same under the other numbers, and belong to a bucket of the same name.</summary>
    public bool HasSameUnits(BucketNumbers other)
        => Tag == other.Tag && Capacity == other.Capacity
            && UnitsPerToken == other.UnitsPerToken && UnitsPerMicrosecond == other.UnitsPerMicrosecond;

    /// <summary>The greatest common divisor of two positive numbers.</summary>
    public static long CommonDivisor(long a, long b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }

    /// <summary>The deficit after <paramref name="elapsed"/> microseconds, if nobody takes anything.</summary>
    public long Refill(long deficit, long elapsed)
        => elapsed <= 0 ? deficit : elapsed > deficit / UnitsPerMicrosecond ? 0 : deficit - (elapsed * UnitsPerMicrosecond);

    /// <summary>Whether the bucket can pay <paramref name="cost"/> tokens now.</summary>
    public bool CanPay(long deficit, long cost) => cost == 0 || (cost <= Bucket.Capacity && cost * UnitsPerToken <= Capacity - deficit);

    /// <summary>Whether the bucket holds fewer than two tokens, or less than a quarter of its capacity. Refusals are only remembered of
    /// scarce buckets, so that a refund to
    /// any other need not be announced: nobody remembers a refusal that it makes wrong. The script in Redis goes by the same
    /// rule.</summary>
    public bool IsScarce(long deficit) => Capacity - deficit < Math.Max(2 * UnitsPerToken, Capacity / 4);

    /// <summary>Whether the bucket refuses <paramref name="cost"/> tokens, and a refund that could change that is sure to be
    /// announced.</summary>
    public bool IsSureToRefuse(long deficit, long cost)
        => !Shadow && !CanPay(deficit, cost) && (cost > Bucket.Capacity || IsScarce(deficit));

    /// <summary>The deficit after taking <paramref name="cost"/> tokens, or all there are.</summary>
    public long Take(long deficit, long cost) => cost >= Bucket.Capacity ? Capacity : Math.Min(Capacity, deficit + (cost * UnitsPerToken));

    /// <summary>The deficit after giving <paramref name="cost"/> tokens back, or all that are missing.</summary>
    public long Give(long deficit, long cost) => cost >= Bucket.Capacity ? 0 : Math.Max(0, deficit - (cost * UnitsPerToken));

    /// <summary>The deficit that leaves a bucket as full, in proportion, as <paramref name="deficit"/> left one of <paramref name="capacity"/> units. Rounded towards empty.</summary>
    public long Scale(long deficit, long capacity)
        => capacity == Capacity ? deficit : (long)((((UInt128)deficit * (ulong)Capacity) + (ulong)capacity - 1) / (ulong)capacity);

    /// <summary>Whole tokens in the bucket.</summary>
    public long WholeTokens(long deficit) => (Capacity - deficit) / UnitsPerToken;

    /// <summary>Time until the bucket can pay; zero when it can, infinite when it never will. A cost that only the whole bucket can pay,
    /// and not this share of it, has to wait for
    /// Redis: <see cref="OutageRetryAfter"/>.</summary>
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

    // The first whole microsecond at which that many units have come back.
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
