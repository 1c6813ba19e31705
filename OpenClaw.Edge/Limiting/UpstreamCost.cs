using System.Globalization;
using Microsoft.Extensions.Primitives;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Rules;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Limiting;

/// <summary>A request whose real cost the upstream may state in a response header. What was charged before is then made good: more is
/// charged, or the rest given back, once the response has been sent. That concerns the buckets that paid: had a shadow bucket that did not been in force, there would be no response.</summary>
/// <param name="limiter">Where the difference is settled.</param>
/// <param name="rules">The rules in force by then: a request can take longer than they last, and a bucket that the old ones did not know would lose its balance.</param>
/// <param name="header">The response header.</param>
internal sealed class UpstreamCost(ITokenBucketLimiter limiter, EdgeRulesStore rules, string header)
{
    /// <summary>What was charged; null when nothing was, and the header is only taken out.</summary>
    public Charge? Charged { get; init; }

    /// <summary>The known client that sent the request.</summary>
    public Client? Client { get; init; }

    /// <summary>The decision that charged it.</summary>
    public RateLimitDecision Decision { get; init; }

    /// <summary>Takes the header out of the response and remembers what it says. What is not a number from 0 to the highest cost says nothing.</summary>
    public void TakeFrom(HttpResponse response)
    {
        if (response.Headers.Remove(header, out StringValues stated)
            && long.TryParse(stated.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long cost) && cost <= CostRules.Max
            && Charged is { } charged && cost != charged.Cost)
        {
            response.OnCompleted(() => SettleAsync(charged, cost - charged.Cost).AsTask());
        }
    }

    private ValueTask SettleAsync(Charge charged, long difference)
    {
        EdgeRules current = rules.Current;
        if (!current.PoliciesByName.TryGetValue(charged.Policy.Name, out EdgePolicy? policy))
        {
            return ValueTask.CompletedTask;
        }

        Tier? tier = Client is null ? null : current.Clients.FindById(Client.Id)?.Tier;
        Charge settled = charged with { Policy = policy.VariantFor(tier).Limits, Cost = Math.Abs(difference) };
        return difference > 0 ? limiter.DebitAsync(settled, Decision) : limiter.RefundAsync(settled, Decision);
    }
}
