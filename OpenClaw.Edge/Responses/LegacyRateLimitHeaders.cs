using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Responses;

/// <summary>The <c>X-RateLimit-*</c> fields that clients knew before there was a draft.</summary>
internal static class LegacyRateLimitHeaders
{
    public static readonly SingleBucketFields Fields = new("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset");

    /// <summary>Writes them; the reset is the time until the bucket is full again.</summary>
    public static void Write(IHeaderDictionary headers, in BucketStatus status) =>
        Fields.Write(headers, status, (long)Math.Ceiling(status.FullAfter.TotalSeconds));
}
