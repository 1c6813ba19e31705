using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace OpenClaw.RateLimiting.AspNetCore.Headers;

/// <summary>Three fields that describe one bucket: the one that refused, or the one with the smallest share of its capacity left.</summary>
/// <param name="Limit">Name of the field with the bucket's capacity.</param>
/// <param name="Remaining">Name of the field with the tokens left.</param>
/// <param name="Reset">Name of the field with a number of seconds.</param>
internal sealed record SingleBucketHeaders(string Limit, string Remaining, string Reset)
{
    /// <summary>Index of the bucket to show; negative when none is shown.</summary>
    public static int BucketOf(in RateLimitDecision decision, RateLimitPolicy? hidden)
    {
        if (decision.RefusedBy is { } refusing)
        {
            return refusing;
        }

        int tightest = -1;
        double tightestShare = double.MaxValue;
        for (int i = 0; i < decision.Buckets.Length; i++)
        {
            BucketStatus status = decision.Buckets[i];
            double share = (double)status.Remaining / status.Bucket.Capacity;
            if (share < tightestShare && !status.Bucket.Shadow && (hidden is null || status.Policy.Name != hidden.Name))
            {
                (tightest, tightestShare) = (i, share);
            }
        }

        return tightest;
    }

    public void Write(IHeaderDictionary headers, in BucketStatus status, long resetSeconds)
    {
        headers[Limit] = status.Bucket.Capacity.ToString(CultureInfo.InvariantCulture);
        headers[Remaining] = status.Remaining.ToString(CultureInfo.InvariantCulture);
        headers[Reset] = resetSeconds.ToString(CultureInfo.InvariantCulture);
    }
}
