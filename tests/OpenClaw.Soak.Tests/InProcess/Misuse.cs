using OpenClaw.RateLimiting;
using OpenClaw.TestServers;

namespace OpenClaw.Soak.Tests.InProcess;

/// <summary>Callers that use a <see cref="ValueTask{TResult}"/> of the limiter in forbidden ways. Only they get exceptions.</summary>
internal static class Misuse
{
    private const string Refusal = "A continuation cannot be scheduled.";

    private static readonly HostileContext Context = new();

    static Misuse() => ExpectedCrashes.Ignore(Refusal);

    public static async Task OnceAsync(IRateLimiterClient limiter, Charge charge, Random random)
    {
        try
        {
            switch (random.Next(6))
            {
                case 0:
                    // Taken before it is there.
                    _ = limiter.DecideAsync([charge]).GetAwaiter().GetResult();
                    break;
                case 1:
                    // Taken twice.
                    ValueTask<RateLimitDecision> twice = limiter.DecideAsync([charge]);
                    _ = await twice;
                    _ = await twice;
                    break;
                case 2:
                    // Two continuations.
                    ValueTask<RateLimitDecision> two = limiter.DecideAsync([charge]);
                    two.GetAwaiter().OnCompleted(static () => { });
                    two.GetAwaiter().OnCompleted(static () => { });
                    break;
                case 3:
                    // Never taken.
                    _ = limiter.DecideAsync([charge]);
                    break;
                case 4:
                    // A continuation that cannot be scheduled.
                    ContinueInHostileContext(limiter.DecideAsync([charge]));
                    break;
                default:
                    using (CancellationTokenSource cancellation = new(random.Next(3)))
                    {
                        _ = await limiter.DecideAsync([charge], cancellation.Token);
                    }

                    break;
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or OperationCanceledException)
        {
            // The exception is expected.
        }
    }

    private static void ContinueInHostileContext(ValueTask<RateLimitDecision> decision)
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(Context);
        try
        {
            decision.GetAwaiter().OnCompleted(static () => { });
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private sealed class HostileContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) =>
            throw new InvalidOperationException(Refusal);
    }
}
