using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Events;

/// <summary>The thresholds of a bucket, as numbers of remaining tokens.</summary>
internal sealed class BucketThresholds
{
    private readonly (int Percent, long Remaining)[] _thresholds;
    private readonly long _first;
    private readonly bool _hasFull;

    /// <param name="bucket">The bucket. A shadow bucket has no thresholds, since it is hidden from clients.</param>
    /// <param name="percents">Percent used, the highest first.</param>
    public BucketThresholds(TokenBucket bucket, int[] percents)
    {
        _thresholds = bucket.Shadow ? [] : [.. percents.Select(percent => (percent, Left(bucket.Capacity, percent)))];
        _first = _thresholds.Length == 0 ? -1 : _thresholds[^1].Remaining;
        _hasFull = _thresholds is [(100, _), ..];
    }

    /// <summary>Whether any threshold is passed.</summary>
    /// <param name="remaining">Whole tokens left.</param>
    /// <param name="isInsufficient">Whether the bucket denied the request. It then counts as used up, however many tokens are left.</param>
    public bool IsBelow(long remaining, bool isInsufficient) => remaining <= _first || (isInsufficient && _hasFull);

    /// <summary>The highest threshold that is passed, in percent.</summary>
    public int Passed(long remaining, bool isInsufficient)
    {
        foreach ((int percent, long left) in _thresholds)
        {
            if (remaining <= left || (percent == 100 && isInsufficient))
            {
                return percent;
            }
        }

        return 100;
    }

    private static long Left(long capacity, int percent) => (long)((Int128)capacity * (100 - percent) / 100);
}
