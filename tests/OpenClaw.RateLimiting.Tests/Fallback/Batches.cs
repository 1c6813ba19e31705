using OpenClaw.RateLimiting.Batching;

namespace OpenClaw.RateLimiting.Tests.Fallback;

internal static class Batches
{
    public static PendingDecision Pending(TimeProvider time, params ReadOnlySpan<Charge> charges)
    {
        PendingDecision pending = new() { EnqueuedAt = time.GetTimestamp() };
        pending.Prepare(Operation.Charge, charges, CancellationToken.None);
        return pending;
    }

    public static DecisionBatch Of(PendingDecision pending, int slot = -1)
    {
        DecisionBatch batch = new(4, 4) { Slot = slot };
        batch.TryAdd(pending);
        return batch;
    }
}
