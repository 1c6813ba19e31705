namespace OpenClaw.RateLimiting.Batching;

/// <summary>Decides batches.</summary>
internal interface IDecisionStore
{
    /// <summary>Decides every entry of the batch in order and settles the batch.</summary>
    /// <param name="batch">Has at least one entry. Belongs to the store until the call ends.</param>
    /// <param name="abandon">Abandons the call: the store never touches the batch again and throws. What it has sent may still be carried
    /// out.</param>
    /// <exception cref="OperationCanceledException"><paramref name="abandon"/> was cancelled first.</exception>
    ValueTask DecideAsync(DecisionBatch batch, CancellationToken abandon);
}
