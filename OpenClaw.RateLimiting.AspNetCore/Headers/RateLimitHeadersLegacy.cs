using Microsoft.AspNetCore.Http;

namespace OpenClaw.RateLimiting.AspNetCore.Headers;

/// <summary>The <c>X-RateLimit-*</c> fields in use before the IETF draft.</summary>
internal static class RateLimitHeadersLegacy
{
    public static readonly SingleBucketHeaders Fields = new("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset");

    /// <summary>Writes the fields. The reset is the number of seconds until the bucket is full.</summary>
    public static void Write(IHeaderDictionary headers, in BucketStatus status) =>
        Fields.Write(headers, status, (long)Math.Ceiling(status.FullAfter.TotalSeconds));
}
