namespace OpenClaw.RateLimiting.Batching;

/// <summary>Run of equal decisions within a batch. The script decides a run in one step.</summary>
internal struct BatchEntry
{
    /// <summary>First decision. <see cref="PendingDecision.Next"/> links the others, in order of arrival.</summary>
    public PendingDecision First;

    public PendingDecision Last;

    public int Count;

    public readonly Operation Operation => First.Operation;
}
