using Microsoft.Extensions.Hosting;

namespace OpenClaw.RateLimiting.Limiter;

/// <summary>Before the application serves anybody, asks for a decision that charges nothing until Redis makes it: the first one connects, loads the script and compiles,
/// which takes longer than the deadline, so that a first client would be judged without Redis. Gives up after a second; the failure modes then answer.</summary>
internal sealed class LimiterWarmUp(ITokenBucketLimiter limiter, TimeProvider time) : IHostedService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>The policy of these decisions, which no metric counts and no trace shows.</summary>
    internal static readonly RateLimitPolicy Policy = new("warm-up", [new TokenBucket("probe", 1, 1, TimeSpan.FromSeconds(1))]) { IsUnobserved = true };

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < Patience)
        {
            RateLimitDecision decision = await limiter.DecideAsync([new Charge(Policy, "warm-up", Cost: 0)], cancellationToken);
            if (decision.Source == DecisionSource.Store)
            {
                return;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
