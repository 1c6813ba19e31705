using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Responses;
using OpenClaw.Edge.Rules;
using OpenClaw.Edge.Telemetry;
using OpenClaw.RateLimiting;
using OpenClaw.RateLimiting.AspNetCore.Headers;
using OpenClaw.RateLimiting.AspNetCore.Problems;

namespace OpenClaw.Edge.Limiting;

/// <summary>Limits requests to routes with a policy: identifies the sender, selects the buckets, makes one decision, writes the headers,
/// and then refuses the request or calls the next middleware. The limit belongs to the endpoint that routing chose, so no spelling of a
/// path avoids it.</summary>
internal sealed class RateLimitMiddleware(
    RequestDelegate next,
    IRateLimiterClient limiter,
    EdgeRulesStore rulesStore,
    RequestIdentifier identifier,
    KeyHasher hasher,
    RateLimitHeaders headers,
    EdgeMetrics metrics,
    LimitSpan span,
    DecisionRecorder recorder,
    IOptions<EdgeOptions> options)
{
    private readonly bool _rejectsUnknownKeys = options.Value.ApiKeys.Unknown == UnknownKey.Reject;
    private readonly StringValues _challenge = Challenge.Of(options.Value.ApiKeys);

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<EdgeRoute>() is not { IsLimited: true } route)
        {
            return next(context);
        }

        EdgeRules rules = rulesStore.Current;
        EdgePolicy policy = route.PolicyOf(rules);
        RequestIdentity identity = identifier.Identify(context, rules.Clients);
        if (rules.Deny.Contains(identity.RemoteAddress, identity.Client))
        {
            return Refuse(context, policy, identity.Client, Refusal.Denied);
        }

        if (identity.Client is { Enabled: false })
        {
            return Refuse(context, policy, identity.Client, Refusal.ClientDisabled);
        }

        bool isRejected = identity.HasUnknownKey && _rejectsUnknownKeys;
        bool isExempt = rules.Allow.Contains(identity.RemoteAddress, identity.Client);
        if (isRejected && (isExempt || rules.AddressPolicy is null))
        {
            return Refuse(context, policy, identity.Client, Refusal.UnknownKey);
        }

        if (isExempt)
        {
            metrics.Count(policy, Outcomes.Exempt);
            span.Describe(context, policy, identity.Client, Outcomes.Exempt);
            TakeUpstreamCost(context, policy);
            return next(context);
        }

        RequestCharges charges = RequestCharges.Create(
            rules, policy, identity, RouteOrHeaderPartition(context.Request, route, policy), route.CostOf(rules, context.Request.Method));
        // A preflight has no key. A request with an unknown key may be an attempt to guess one, and is charged to its address.
        charges = isRejected || Preflight.Is(context.Request) ? charges.Flat() : charges;
        long startedAt = recorder.Start();
        ValueTask<RateLimitDecision> pending = charges.DecideAsync(limiter);
        return pending.IsCompletedSuccessfully
            ? Answer(context, pending.Result, charges, policy, isRejected, startedAt)
            : AwaitAndAnswer(context, pending, charges, policy, isRejected, startedAt);
    }

    /// <summary>The partition under policies by route and by header; null when the request lacks the header, and for other
    /// policies.</summary>
    private string? RouteOrHeaderPartition(HttpRequest request, EdgeRoute route, EdgePolicy policy) => policy.PartitionBy switch
    {
        PartitionKind.Route => route.Partition,
        PartitionKind.Header => request.Headers.TryGetValue(policy.Header!, out StringValues values)
            ? hasher.Pseudonym(PartitionNames.HeaderPrefix, values.ToString())
            : null,
        _ => null,
    };

    private async Task AwaitAndAnswer(
        HttpContext context, ValueTask<RateLimitDecision> pending, RequestCharges charges, EdgePolicy policy, bool isRejected,
        long startedAt)
    {
        RateLimitDecision decision = await pending;
        await Answer(context, decision, charges, policy, isRejected, startedAt);
    }

    private Task Answer(
        HttpContext context, in RateLimitDecision decision, in RequestCharges charges, EdgePolicy policy, bool isRejected, long startedAt)
    {
        recorder.Record(decision, charges, policy, isRejected, startedAt);
        if (charges.HasShadows)
        {
            metrics.CountShadows(decision);
        }

        if (!decision.IsAllowed)
        {
            headers.Write(context.Response.Headers, decision, charges.AddressVariant?.Fields, charges.Variant.Fields);
            headers.WriteRetryAfter(context, decision);
            Problem refusal = charges.Variant.Problems.Of(decision);
            span.Describe(context, policy, charges.Client, refusal.Result, decision);
            return Refuse(context, policy, refusal);
        }

        if (isRejected)
        {
            return Refuse(context, policy, charges.Client, Refusal.UnknownKey);
        }

        metrics.Count(policy, Outcomes.Allowed);
        span.Describe(context, policy, charges.Client, Outcomes.Allowed, decision);
        if (charges.IsFlat)
        {
            // The client's buckets were not charged, and the address bucket is shown only when it refuses.
            TakeUpstreamCost(context, policy);
            return next(context);
        }

        headers.Write(context.Response.Headers, decision, charges.AddressVariant?.Fields, charges.Variant.Fields);
        TakeUpstreamCost(context, policy, charges.Own, charges.Client, decision);
        return next(context);
    }

    private Task Refuse(HttpContext context, EdgePolicy policy, Client? client, Problem refusal)
    {
        span.Describe(context, policy, client, refusal.Result);
        return Refuse(context, policy, refusal);
    }

    private Task Refuse(HttpContext context, EdgePolicy policy, Problem refusal)
    {
        metrics.Count(policy, refusal.Result);
        if (refusal == Refusal.UnknownKey)
        {
            context.Response.Headers.WWWAuthenticate = _challenge;
        }

        ProblemWriter.Write(context, refusal);
        return Task.CompletedTask;
    }

    private void TakeUpstreamCost(
        HttpContext context, EdgePolicy policy, Charge? charged = null, Client? client = null, in RateLimitDecision decision = default)
    {
        if (policy.Cost.ResponseHeader is { } header)
        {
            context.Features.Set(new UpstreamCost(limiter, rulesStore, header) { Charged = charged, Client = client, Decision = decision });
        }
    }
}
