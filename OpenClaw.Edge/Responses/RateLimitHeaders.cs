using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Policies;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Responses;

/// <summary>Writes the rate limit fields of responses, and Retry-After of refusals.</summary>
internal sealed class RateLimitHeaders(IOptions<EdgeOptions> options)
{
    private const int MaxShown = 2 * RateLimitPolicy.MaxBuckets;

    private readonly bool _ietf = options.Value.Answers.RateLimitHeaders
        is HeaderStyle.Ietf or HeaderStyle.Both or HeaderStyle.IetfAndDraft06 or HeaderStyle.All;

    private readonly bool _draft06 = options.Value.Answers.RateLimitHeaders
        is HeaderStyle.Draft06 or HeaderStyle.Draft06AndLegacy or HeaderStyle.IetfAndDraft06 or HeaderStyle.All;

    private readonly bool _legacy = options.Value.Answers.RateLimitHeaders
        is HeaderStyle.Legacy or HeaderStyle.Both or HeaderStyle.Draft06AndLegacy or HeaderStyle.All;

    private readonly double _jitter = options.Value.Answers.RetryAfterJitter;

    /// <summary>Writes the fields for a decision. The address bucket is shown only when it refused, because it would reveal how busy other
    /// clients of the same address are.</summary>
    /// <param name="headers">The response's headers.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="address">The address policy that was charged first, if one was.</param>
    /// <param name="policy">The route's policy.</param>
    public void Write(IHeaderDictionary headers, in RateLimitDecision decision, PolicyVariant? address, PolicyVariant policy)
    {
        bool showAddress = address is not null && decision.RefusedBy is { } index && IsOf(address, decision.Buckets[index]);
        if (_ietf)
        {
            WriteIetf(headers, decision, address, policy, showAddress);
        }

        if ((_draft06 || _legacy) && SingleBucketFields.BucketOf(decision, hidden: showAddress ? null : address) is >= 0 and int shown)
        {
            BucketStatus status = Usable(decision, decision.Buckets[shown]);
            if (_draft06)
            {
                RateLimitDraft06.Write(headers, status);
            }

            if (_legacy)
            {
                LegacyRateLimitHeaders.Write(headers, status);
            }
        }
    }

    /// <summary>Writes Retry-After. Call after <see cref="Write"/>.</summary>
    public void WriteRetryAfter(HttpContext context, in RateLimitDecision decision)
    {
        RetryAfter.Write(context, RetryAfter.Seconds(decision.RetryAfter, _jitter));
        if (_draft06)
        {
            RateLimitDraft06.WriteRetryAfter(context.Response.Headers);
        }
    }

    /// <summary>Whether a bucket belongs to a policy.</summary>
    public static bool IsOf(PolicyVariant variant, in BucketStatus status) => status.Policy.Name == variant.Limits.Name;

    /// <summary>Tokens cannot be used while the client is blocked.</summary>
    private static BucketStatus Usable(in RateLimitDecision decision, in BucketStatus status) => decision.BlockedFor <= TimeSpan.Zero
        ? status
        : status with { Remaining = 0, FullAfter = status.FullAfter > decision.BlockedFor ? status.FullAfter : decision.BlockedFor };

    private static void WriteIetf(
        IHeaderDictionary headers, in RateLimitDecision decision, PolicyVariant? address, PolicyVariant policy, bool showAddress)
    {
        PolicyResponseCache cache = PolicyResponseCache.Of(policy);
        string field = showAddress ? cache.PolicyFieldAfter(PolicyResponseCache.Of(address!)) : cache.PolicyField;
        if (field.Length == 0)
        {
            return;
        }

        headers[RateLimitDraft11.PolicyField] = field;
        string state = State(decision, showAddress ? null : address, cache);
        if (state.Length > 0)
        {
            headers[RateLimitDraft11.StateField] = state;
        }
    }

    private static string State(in RateLimitDecision decision, PolicyVariant? hidden, PolicyResponseCache cache)
    {
        BucketStatusList buckets = decision.Buckets;
        bool isBlocked = decision.BlockedFor > TimeSpan.Zero;
        Span<char> text = stackalloc char[MaxShown * RateLimitDraft11.MaxItemLength];
        int length = 0;
        for (int i = 0; i < buckets.Length; i++)
        {
            BucketStatus status = buckets[i];
            if (status.Bucket.Shadow || (hidden is not null && IsOf(hidden, status)))
            {
                continue;
            }

            long untilMore = RateLimitDraft11.SecondsUntilMore(status);
            if (isBlocked)
            {
                // Tokens cannot be used before the block ends.
                long blocked = (long)Math.Ceiling(decision.BlockedFor.TotalSeconds);
                untilMore = status.Remaining > 0 ? blocked : Math.Max(blocked, untilMore);
                status = status with { Remaining = 0 };
            }

            if (length == 0 && i == buckets.Length - 1 && cache.CachedState(status, untilMore) is { } cached)
            {
                return cached;
            }

            if (length > 0)
            {
                ", ".CopyTo(text[length..]);
                length += 2;
            }

            length += RateLimitDraft11.WriteState(text[length..], status.Bucket.Name, status.Remaining, untilMore);
        }

        return length == 0 ? "" : new string(text[..length]);
    }
}
