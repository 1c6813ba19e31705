using System.Globalization;
using Microsoft.Extensions.Primitives;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Rules;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Limiting;

/// <summary>Settles the cost that an upstream states in a response header: charges or refunds the difference once the response has been
/// sent. Only buckets that paid are settled. A shadow bucket that was short of tokens did not pay.</summary>
/// <param name="limiter">Charges or refunds the difference.</param>
/// <param name="rules">Supplies the rules in force at settlement. A request can outlast the rules it began with, and settling by old rules
/// would reset a bucket added since.</param>
/// <param name="header">The response header.</param>
internal sealed class UpstreamCost(IRateLimiterClient limiter, EdgeRulesStore rules, string header)
{
    /// <summary>The charge to settle; null when nothing was charged, and the header is only removed.</summary>
    public Charge? Charged { get; init; }

    /// <summary>The known client that sent the request.</summary>
    public Client? Client { get; init; }

    /// <summary>The decision that charged it.</summary>
    public RateLimitDecision Decision { get; init; }

    /// <summary>Removes the header from the response and schedules the settlement. A value that is not a number from 0 to
    /// <see cref="CostRules.Max"/> is ignored.</summary>
    public void TakeFrom(HttpResponse response)
    {
        if (response.Headers.Remove(header, out StringValues stated)
            && long.TryParse(stated.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long cost) && cost <= CostRules.Max
            && Charged is { } charged && cost != charged.Cost)
        {
            response.OnCompleted(() => SettleAsync(charged, cost).AsTask());
        }
    }

    private ValueTask SettleAsync(Charge charged, long cost)
    {
        EdgeRules current = rules.Current;
        if (!current.PoliciesByName.TryGetValue(charged.Policy.Name, out EdgePolicy? policy))
        {
            return ValueTask.CompletedTask;
        }

        Tier? tier = Client is null ? null : current.Clients.FindById(Client.Id)?.Tier;
        return limiter.SettleAsync(charged with { Policy = policy.VariantFor(tier).Limits }, cost, Decision);
    }
}
