using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Responses;

/// <summary>The three fields of draft-ietf-httpapi-ratelimit-headers-06, which Kong and express-rate-limit send. Its
/// <c>RateLimit-Policy</c> is left out: the later drafts use that name with another syntax.</summary>
internal static class RateLimitDraft06
{
    public static readonly SingleBucketFields Fields = new("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset");

    /// <summary>Writes them; the reset is the time until there is more, 0 when the bucket is full.</summary>
    public static void Write(IHeaderDictionary headers, in BucketStatus status) =>
        Fields.Write(headers, status, RateLimitDraft11.SecondsUntilMore(status));

    /// <summary>Makes the reset of a refusal the time that <c>Retry-After</c> says, as the draft asks for (its section 3.3).</summary>
    public static void WriteRetryAfter(IHeaderDictionary headers)
    {
        if (headers.ContainsKey(Fields.Reset) && headers.RetryAfter is { Count: 1 } retryAfter)
        {
            headers[Fields.Reset] = retryAfter;
        }
    }
}
