namespace OpenClaw.RateLimiting.Batching;

/// <summary>Sees every batch before and after its store decides it. Must not throw.</summary>
internal interface IBatchObserver
{
    /// <summary>Called before the batch is sent.</summary>
    void BeforeDecide(DecisionBatch batch);

    /// <summary>Called when the store has decided the batch.</summary>
    /// <param name="batch">The settled batch.</param>
    /// <param name="sentAt">Timestamp from before the batch was sent.</param>
    void AfterDecide(DecisionBatch batch, long sentAt);
}
