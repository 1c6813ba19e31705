namespace OpenClaw.RateLimiting.Batching;

/// <summary>Where decisions are made.</summary>
internal interface IDecisionStore
{
    /// <summary>Decides every entry of the batch in order and settles the batch.</summary>
    /// <param name="batch">Has at least one entry. Belongs to the store until the call ends.</param>
    /// <param name="abandon">When it fires, the store leaves the batch alone for good and throws; what it has sent may still be carried out.</param>
    /// <exception cref="OperationCanceledException"><paramref name="abandon"/> fired first.</exception>
    ValueTask DecideAsync(DecisionBatch batch, CancellationToken abandon);
}
