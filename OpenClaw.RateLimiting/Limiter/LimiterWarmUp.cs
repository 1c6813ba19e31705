using Microsoft.Extensions.Hosting;

namespace OpenClaw.RateLimiting.Limiter;

/// <summary>Requests decisions that charge nothing until Redis makes one, before the application accepts requests. The first decision
/// connects, loads the script and compiles code, which takes longer than the deadline: without the warm-up, the failure mode would decide
/// the first requests. Further decisions reach the other queues and, in a cluster, the other masters. Gives up after a second.</summary>
internal sealed class LimiterWarmUp(IRateLimiterClient limiter, TimeProvider time) : IHostedService
{
    private const int Partitions = 16;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Policy of the warm-up.</summary>
    internal static readonly RateLimitPolicy Policy =
        new("warm-up", [new TokenBucket("probe", 1, 1, TimeSpan.FromSeconds(1))]) { IsUnobserved = true };

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        for (int partition = 0; partition < Partitions && time.GetElapsedTime(start) < Limit;)
        {
            RateLimitDecision decision = await limiter.DecideAsync(
                [new Charge(Policy, $"warm-up-{partition}", Cost: 0)], cancellationToken);
            if (decision.Source == DecisionSource.Store)
            {
                partition++;
            }
            else
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
