using System.Globalization;
using System.Text;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Answers;

/// <summary>The fields of draft-ietf-httpapi-ratelimit-headers-11. Later revisions change names of parameters: a new one gets a new file.</summary>
internal static class RateLimitDraft11
{
    public const string PolicyField = "RateLimit-Policy";

    public const string StateField = "RateLimit";

    /// <summary>Longest item of <see cref="StateField"/>, separator included: name of 32, two numbers of 19 digits, and punctuation.</summary>
    public const int MaxItemLength = 32 + 19 + 19 + 12;

    /// <summary><c>"burst";q=20;w=4</c>: the quota, and the seconds in which an empty bucket becomes full.</summary>
    public static void AppendPolicy(StringBuilder field, TokenBucket bucket)
    {
        long window = Math.Max(1, (long)Math.Ceiling((double)bucket.Capacity * bucket.RefillPeriod.TotalSeconds / bucket.RefillTokens));
        field.Append(field.Length == 0 ? "" : ", ")
            .Append(CultureInfo.InvariantCulture, $"\"{bucket.Name}\";q={bucket.Capacity};w={window}");
    }

    /// <summary><c>"burst";r=12;t=1</c>: what remains, and the seconds until there is more. A full bucket has no <c>t</c>.</summary>
    public static int WriteState(Span<char> item, string name, long remaining, long untilMore)
    {
        int written;
        if (untilMore > 0)
        {
            item.TryWrite(CultureInfo.InvariantCulture, $"\"{name}\";r={remaining};t={untilMore}", out written);
        }
        else
        {
            item.TryWrite(CultureInfo.InvariantCulture, $"\"{name}\";r={remaining}", out written);
        }

        return written;
    }

    /// <summary>Seconds, rounded up, until the bucket holds one token more than now; 0 when it is full.</summary>
    public static long SecondsUntilMore(in BucketStatus status)
    {
        if (status.FullAfter <= TimeSpan.Zero)
        {
            return 0;
        }

        // Full after = (capacity - tokens) / rate. All tokens but one of those still missing come later than the next one.
        TokenBucket bucket = status.Bucket;
        double later = (bucket.Capacity - status.Remaining - 1) * (bucket.RefillPeriod.TotalSeconds / bucket.RefillTokens);
        return Math.Max(1, (long)Math.Ceiling(status.FullAfter.TotalSeconds - later - 1e-9));
    }
}
