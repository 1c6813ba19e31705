using System.Diagnostics;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Policies;
using OpenClaw.RateLimiting;
using OpenClaw.ServiceDefaults.Telemetry;

namespace OpenClaw.Edge.Telemetry;

/// <summary>Adds the limiter's decision to a request's server span, never the client. Does nothing when the request is not
/// traced.</summary>
internal sealed class LimitSpan(RequestSpans spans)
{
    public const string Outcome = "openclaw.ratelimit.outcome";
    public const string Policy = "openclaw.ratelimit.policy";
    public const string RefusedBy = "openclaw.ratelimit.refused_by";
    public const string Source = "openclaw.ratelimit.source";
    public const string Tier = "openclaw.client.tier";

    private static readonly string[] Sources = ["store", "deny_cache", "local", "open", "closed"];

    /// <summary>Describes a request that a decision allowed or refused.</summary>
    public void Describe(HttpContext context, EdgePolicy policy, Client? client, string outcome, in RateLimitDecision decision)
    {
        if (Start(context, client, outcome) is not { } span)
        {
            return;
        }

        span.SetTag(Source, Sources[(int)decision.Source]);
        if (decision.RefusedBy is { } index)
        {
            BucketStatus refusing = decision.Buckets[index];
            span.SetTag(Policy, refusing.Policy.Name);
            span.SetTag(RefusedBy, refusing.Bucket.Name);
        }
        else
        {
            span.SetTag(Policy, policy.Name);
        }
    }

    /// <summary>Describes a request that was forwarded or refused without a decision.</summary>
    public void Describe(HttpContext context, EdgePolicy? policy, Client? client, string outcome)
    {
        if (Start(context, client, outcome) is { } span && policy is not null)
        {
            span.SetTag(Policy, policy.Name);
        }
    }

    private Activity? Start(HttpContext context, Client? client, string outcome)
    {
        Activity? span = outcome is Outcomes.Allowed or Outcomes.Exempt
            ? spans.Find(context)
            : spans.FindOrRecord(context, SpanReason.Refusal);
        span?.SetTag(Outcome, outcome);
        if (client?.Tier is { } tier)
        {
            span?.SetTag(Tier, tier.Name);
        }

        return span;
    }
}
