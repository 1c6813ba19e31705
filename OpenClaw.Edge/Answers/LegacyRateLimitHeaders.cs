using System.Globalization;
using OpenClaw.Edge.Policies;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Answers;

/// <summary>The <c>X-RateLimit-*</c> fields that clients knew before there was a draft. They have room for one bucket: the one that
/// refused, else the one that is emptiest for its size.</summary>
internal static class LegacyRateLimitHeaders
{
    public const string Limit = "X-RateLimit-Limit";

    public const string Remaining = "X-RateLimit-Remaining";

    /// <summary>Seconds until the bucket is full again.</summary>
    public const string Reset = "X-RateLimit-Reset";

    public static void Write(IHeaderDictionary headers, in RateLimitDecision decision, PolicyVariant? hidden)
    {
        int tightest = decision.RefusedBy;
        double tightestShare = double.MaxValue;
        for (int i = 0; decision.RefusedBy < 0 && i < decision.Buckets.Length; i++)
        {
            BucketStatus status = decision.Buckets[i];
            double share = (double)status.Remaining / status.Bucket.Capacity;
            if (share < tightestShare && !status.Bucket.Shadow && (hidden is null || !RateLimitHeaders.IsOf(hidden, status)))
            {
                (tightest, tightestShare) = (i, share);
            }
        }

        if (tightest >= 0)
        {
            BucketStatus status = decision.Buckets[tightest];
            headers[Limit] = status.Bucket.Capacity.ToString(CultureInfo.InvariantCulture);
            // While it is blocked, nothing in it can be used.
            bool isBlocked = decision.BlockedFor > TimeSpan.Zero;
            TimeSpan reset = status.FullAfter > decision.BlockedFor ? status.FullAfter : decision.BlockedFor;
            headers[Remaining] = (isBlocked ? 0 : status.Remaining).ToString(CultureInfo.InvariantCulture);
            headers[Reset] = ((long)Math.Ceiling(reset.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }
    }
}
