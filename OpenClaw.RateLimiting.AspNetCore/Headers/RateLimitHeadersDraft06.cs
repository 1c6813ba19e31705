using Microsoft.AspNetCore.Http;

namespace OpenClaw.RateLimiting.AspNetCore.Headers;

/// <summary>The three fields of draft-ietf-httpapi-ratelimit-headers-06, which Kong and express-rate-limit send. Its
/// <c>RateLimit-Policy</c> is not sent, because later drafts use that name with another syntax.</summary>
internal static class RateLimitHeadersDraft06
{
    public static readonly SingleBucketHeaders Fields = new("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset");

    /// <summary>Writes the fields. The reset is the number of seconds until the next token, 0 when the bucket is full.</summary>
    public static void Write(IHeaderDictionary headers, in BucketStatus status) =>
        Fields.Write(headers, status, RateLimitHeadersDraft11.SecondsUntilMore(status));

    /// <summary>Sets the reset of a refusal to the value of <c>Retry-After</c>, as section 3.3 of the draft requires.</summary>
    public static void WriteRetryAfter(IHeaderDictionary headers)
    {
        if (headers.ContainsKey(Fields.Reset) && headers.RetryAfter is { Count: 1 } retryAfter)
        {
            headers[Fields.Reset] = retryAfter;
        }
    }
}
