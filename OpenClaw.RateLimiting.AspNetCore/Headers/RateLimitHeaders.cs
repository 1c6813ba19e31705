using Microsoft.AspNetCore.Http;

namespace OpenClaw.RateLimiting.AspNetCore.Headers;

/// <summary>Writes the rate limit fields of responses, and Retry-After of refusals.</summary>
/// <param name="style">Which fields to write.</param>
/// <param name="jitter">Largest random delay to add to Retry-After, as a fraction of the wait.</param>
internal sealed class RateLimitHeaders(RateLimitHeaderStyle style, double jitter)
{
    private readonly bool _ietf = style is RateLimitHeaderStyle.Ietf or RateLimitHeaderStyle.Both
        or RateLimitHeaderStyle.IetfAndDraft06 or RateLimitHeaderStyle.All;

    private readonly bool _draft06 = style is RateLimitHeaderStyle.Draft06 or RateLimitHeaderStyle.Draft06AndLegacy
        or RateLimitHeaderStyle.IetfAndDraft06 or RateLimitHeaderStyle.All;

    private readonly bool _legacy = style is RateLimitHeaderStyle.Legacy or RateLimitHeaderStyle.Both
        or RateLimitHeaderStyle.Draft06AndLegacy or RateLimitHeaderStyle.All;

    /// <summary>Writes the fields for a decision. The address bucket is shown only when it refused or the address is blocked, because it
    /// would reveal how busy other clients of the same address are.</summary>
    /// <param name="headers">The response's headers.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="address">The address policy that was charged as well, if one was.</param>
    /// <param name="policy">The other policies.</param>
    public void Write(
        IHeaderDictionary headers, in RateLimitDecision decision, RateLimitHeaderCache? address, RateLimitHeaderCache policy)
    {
        RateLimitPolicy? hidden = address?.Policy;
        if (hidden is not null && IsRefusedBy(hidden, decision))
        {
            hidden = null;
        }

        if (_ietf)
        {
            string field = address is not null && hidden is null ? policy.PolicyFieldAfter(address) : policy.PolicyField;
            WriteIetf(headers, decision, field, policy, hidden);
        }

        if ((_draft06 || _legacy) && SingleBucketHeaders.BucketOf(decision, hidden) is >= 0 and int shown)
        {
            BucketStatus status = Usable(decision, decision.Buckets[shown]);
            if (_draft06)
            {
                RateLimitHeadersDraft06.Write(headers, status);
            }

            if (_legacy)
            {
                RateLimitHeadersLegacy.Write(headers, status);
            }
        }
    }

    /// <summary>Writes Retry-After. Call after <see cref="Write"/>.</summary>
    public void WriteRetryAfter(HttpContext context, in RateLimitDecision decision)
    {
        RetryAfterHeader.Write(context, RetryAfterHeader.Seconds(decision.RetryAfter, jitter));
        if (_draft06)
        {
            RateLimitHeadersDraft06.WriteRetryAfter(context.Response.Headers);
        }
    }

    /// <summary>Whether a bucket of the policy refused, or a block of its partition.</summary>
    private static bool IsRefusedBy(RateLimitPolicy policy, in RateLimitDecision decision)
    {
        if (decision.RefusedBy is { } index)
        {
            return IsOf(policy, decision.Buckets[index]);
        }

        bool isBlocked = decision.BlockedFor > TimeSpan.Zero;
        for (int i = 0; isBlocked && i < decision.Buckets.Length; i++)
        {
            isBlocked = IsOf(policy, decision.Buckets[i]);
        }

        return isBlocked;
    }

    private static bool IsOf(RateLimitPolicy policy, in BucketStatus status) => status.Policy.Name == policy.Name;

    /// <summary>Tokens cannot be used while the client is blocked.</summary>
    private static BucketStatus Usable(in RateLimitDecision decision, in BucketStatus status) => decision.BlockedFor <= TimeSpan.Zero
        ? status
        : status with { Remaining = 0, FullAfter = status.FullAfter > decision.BlockedFor ? status.FullAfter : decision.BlockedFor };

    private static void WriteIetf(
        IHeaderDictionary headers, in RateLimitDecision decision, string field, RateLimitHeaderCache policy, RateLimitPolicy? hidden)
    {
        if (field.Length == 0)
        {
            return;
        }

        headers[RateLimitHeadersDraft11.PolicyField] = field;
        string state = State(decision, hidden, policy);
        if (state.Length > 0)
        {
            headers[RateLimitHeadersDraft11.StateField] = state;
        }
    }

    private static string State(in RateLimitDecision decision, RateLimitPolicy? hidden, RateLimitHeaderCache cache)
    {
        BucketStatusList buckets = decision.Buckets;
        bool isBlocked = decision.BlockedFor > TimeSpan.Zero;
        Span<char> text = stackalloc char[buckets.Length * RateLimitHeadersDraft11.MaxItemLength];
        int length = 0;
        for (int i = 0; i < buckets.Length; i++)
        {
            BucketStatus status = buckets[i];
            if (status.Bucket.Shadow || (hidden is not null && IsOf(hidden, status)))
            {
                continue;
            }

            long untilMore = RateLimitHeadersDraft11.SecondsUntilMore(status);
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

            length += RateLimitHeadersDraft11.WriteState(text[length..], status.Bucket.Name, status.Remaining, untilMore);
        }

        return length == 0 ? "" : new string(text[..length]);
    }
}
