using System.Globalization;
using Microsoft.Extensions.Primitives;
using OpenClaw.Edge.Policies;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Limiting;

/// <summary>A request whose real cost the upstream may state in a response header. What was charged before is then made good: more is
/// charged, or the rest given back, once the response has been sent.</summary>
/// <param name="limiter">Where the difference is settled.</param>
/// <param name="header">The response header.</param>
/// <param name="charged">What was charged; null when nothing was, and the header is only taken out.</param>
/// <param name="mayRefund">Whether the charge was taken in Redis. Where a replica took it from its share, the refund could reach a Redis that is back, and so
/// add tokens to the shared bucket that never left it. A debit is right either way: the difference has been taken nowhere yet.</param>
internal sealed class UpstreamCost(ITokenBucketLimiter limiter, string header, Charge? charged, bool mayRefund)
{
    /// <summary>Takes the header out of the response and remembers what it says. What is not a number from 0 to the highest cost says nothing.</summary>
    public void TakeFrom(HttpResponse response)
    {
        if (!response.Headers.Remove(header, out StringValues stated)
            || !long.TryParse(stated.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long cost)
            || cost > CostRules.Max || charged is not { } charge || cost == charge.Cost || (cost < charge.Cost && !mayRefund))
        {
            return;
        }

        response.OnCompleted(() => SettleAsync(charge, cost - charge.Cost).AsTask());
    }

    private ValueTask SettleAsync(Charge charge, long difference) => difference > 0
        ? limiter.DebitAsync(charge with { Cost = difference })
        : limiter.RefundAsync(charge with { Cost = -difference });
}
