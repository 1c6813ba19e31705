using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OpenClaw.Edge.Answers;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Settings;
using OpenClaw.Edge.Telemetry;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Limiting;

/// <summary>Who is it, which policy, which buckets, one decision, headers; then the refusal or the next middleware. Endpoints without a
/// policy (health among them) pass untouched. The limit hangs on the endpoint that routing chose, so no spelling of a path gets round it.</summary>
internal sealed class RateLimitMiddleware(
    RequestDelegate next,
    ITokenBucketLimiter limiter,
    EdgeRulesStore rulesStore,
    RequestIdentifier identifier,
    KeyHasher hasher,
    RateLimitHeaders headers,
    EdgeMetrics metrics,
    IOptions<EdgeOptions> options)
{
    private readonly bool _rejectsUnknownKeys = options.Value.ApiKeys.Unknown == UnknownKey.Reject;

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<EdgeRoute>() is not { IsLimited: true } route)
        {
            return next(context);
        }

        EdgeRules rules = rulesStore.Current;
        RequestIdentity identity = identifier.Identify(context, rules.Clients);
        if (Admit(rules, identity) is { } refusal)
        {
            metrics.Count(route.PolicyOf(rules), refusal.Result);
            RefusalWriter.Write(context, refusal);
            return Task.CompletedTask;
        }

        if (rules.Allow.Contains(identity.RemoteAddress, identity.Client))
        {
            metrics.Count(route.PolicyOf(rules), Outcomes.Exempt);
            TakeUpstreamCost(context, route.PolicyOf(rules), charged: null);
            return next(context);
        }

        EdgePolicy policy = route.PolicyOf(rules);
        RequestCharges charges = RequestCharges.For(
            rules, policy, identity, GivenPartition(context.Request, route, policy), route.CostOf(rules, context.Request.Method));
        charges = Preflight.Is(context.Request) ? charges.ForPreflight() : charges;
        ValueTask<RateLimitDecision> pending = charges.DecideAsync(limiter);
        return pending.IsCompletedSuccessfully
            ? Answer(context, pending.Result, charges, policy)
            : AwaitAndAnswer(context, pending, charges, policy);
    }

    /// <summary>What speaks against a request before anything is counted; null when nothing does.</summary>
    private Refusal? Admit(EdgeRules rules, in RequestIdentity identity)
    {
        if (rules.Deny.Contains(identity.RemoteAddress, identity.Client))
        {
            return Refusal.Denied;
        }

        if (identity.Client is { Enabled: false })
        {
            return Refusal.ClientDisabled;
        }

        return identity.HasUnknownKey && _rejectsUnknownKeys ? Refusal.UnknownKey : null;
    }

    /// <summary>The partition that the request itself names, under policies by route and by header; null when it names none.</summary>
    private string? GivenPartition(HttpRequest request, EdgeRoute route, EdgePolicy policy) => policy.PartitionBy switch
    {
        PartitionKind.Route => route.Partition,
        PartitionKind.Header when request.Headers.TryGetValue(policy.Header!, out StringValues values) => hasher.Pseudonym(Partitions.HeaderPrefix, values.ToString()),
        _ => null,
    };

    private async Task AwaitAndAnswer(HttpContext context, ValueTask<RateLimitDecision> pending, RequestCharges charges, EdgePolicy policy)
    {
        RateLimitDecision decision = await pending;
        await Answer(context, decision, charges, policy);
    }

    private Task Answer(HttpContext context, in RateLimitDecision decision, in RequestCharges charges, EdgePolicy policy)
    {
        headers.Write(context.Response.Headers, decision, charges.AddressVariant, charges.Variant);
        if (charges.HasShadows)
        {
            metrics.CountShadows(decision);
        }

        if (!decision.IsAllowed)
        {
            Refusal refusal = RefusalOf(decision, charges);
            metrics.Count(policy, refusal.Result);
            headers.WriteRetryAfter(context, refusal, decision);
            RefusalWriter.Write(context, refusal);
            return Task.CompletedTask;
        }

        metrics.Count(policy, Outcomes.Allowed);
        TakeUpstreamCost(context, policy, decision.Source == DecisionSource.Open || charges.IsPreflight ? null : charges.Own);
        return next(context);
    }

    private void TakeUpstreamCost(HttpContext context, EdgePolicy policy, Charge? charged)
    {
        if (policy.Cost.ResponseHeader is { } header)
        {
            context.Features.Set(new UpstreamCost(limiter, header, charged));
        }
    }

    private static Refusal RefusalOf(in RateLimitDecision decision, in RequestCharges charges)
    {
        if (decision.Source == DecisionSource.Closed)
        {
            return Refusal.ReducedCapacity;
        }

        if (decision.BlockedFor > TimeSpan.Zero)
        {
            return Refusal.Blocked;
        }

        return charges.Variant.Texts.RefusalOf(decision);
    }
}
