using OpenClaw.RateLimiting.Batching;

namespace OpenClaw.RateLimiting.Tests.Fallback;

/// <summary>A Redis controlled by the test: grants everything, fails, or does not answer.</summary>
internal sealed class ScriptedStore : IDecisionStore
{
    public int Calls { get; private set; }

    public Exception? Failure { get; set; }

    public bool IsSilent { get; set; }

    /// <summary>Whether the last unanswered call was cancelled. True at once, before any continuation runs.</summary>
    public bool IsAbandoned { get; private set; }

    public async ValueTask DecideAsync(DecisionBatch batch, CancellationToken abandon)
    {
        Calls++;
        if (IsSilent)
        {
            IsAbandoned = false;
            await using CancellationTokenRegistration registration = abandon.Register(() => IsAbandoned = true);
            await Task.Delay(Timeout.InfiniteTimeSpan, abandon);
        }

        if (Failure is not null)
        {
            // As when an answer was half read.
            batch.Partitions[0].Deficits.Fill(1);
            throw Failure;
        }

        batch.Settle();
    }
}
