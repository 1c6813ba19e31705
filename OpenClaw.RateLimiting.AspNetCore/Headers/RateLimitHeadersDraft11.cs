using System.Globalization;
using System.Text;

namespace OpenClaw.RateLimiting.AspNetCore.Headers;

/// <summary>The fields of draft-ietf-httpapi-ratelimit-headers-11. Revisions rename parameters: add a file for a new revision.</summary>
internal static class RateLimitHeadersDraft11
{
    public const string PolicyField = "RateLimit-Policy";

    public const string StateField = "RateLimit";

    /// <summary>Largest integer of a structured field (RFC 9651, 3.3.1). Larger numbers are sent as this one.</summary>
    private const long MaxInteger = 999_999_999_999_999;

    /// <summary>Tolerance in seconds for rounding of binary fractions; far below a bucket's resolution of one microsecond.</summary>
    private const double Rounding = 1e-9;

    /// <summary>Longest item of <see cref="StateField"/>, separator included: name of 32, two numbers of 15 digits, and
    /// punctuation.</summary>
    public const int MaxItemLength = 32 + 15 + 15 + 12;

    /// <summary><c>"burst";q=20;w=4</c>: the quota, and the seconds in which an empty bucket becomes full.</summary>
    public static void AppendPolicy(StringBuilder field, TokenBucket bucket)
    {
        double seconds = bucket.Capacity * (bucket.RefillPeriod.TotalSeconds / bucket.RefillTokens);
        long window = (long)Math.Clamp(Math.Ceiling(seconds - Rounding), 1, MaxInteger);
        long quota = Math.Min(bucket.Capacity, MaxInteger);
        field.Append(field.Length == 0 ? "" : ", ")
            .Append(CultureInfo.InvariantCulture, $"\"{bucket.Name}\";q={quota};w={window}");
    }

    /// <summary><c>"burst";r=12;t=1</c>: remaining tokens, and the seconds until the next one. A full bucket has no <c>t</c>.</summary>
    public static int WriteState(Span<char> item, string name, long remaining, long untilMore)
    {
        remaining = Math.Min(remaining, MaxInteger);
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

        // Full after = (capacity - tokens) / rate. All missing tokens but one come after the next one.
        TokenBucket bucket = status.Bucket;
        double later = (bucket.Capacity - status.Remaining - 1) * (bucket.RefillPeriod.TotalSeconds / bucket.RefillTokens);
        return (long)Math.Clamp(Math.Ceiling(status.FullAfter.TotalSeconds - later - Rounding), 1, MaxInteger);
    }
}
