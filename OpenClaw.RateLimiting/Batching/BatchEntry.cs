namespace OpenClaw.RateLimiting.Batching;

/// <summary>Decisions of a batch that ask exactly the same and follow one another: the script decides them as one run.</summary>
internal struct BatchEntry
{
    /// <summary>The first decision, and through <see cref="PendingDecision.Next"/> the others, in order of arrival.</summary>
    public PendingDecision First;

    public PendingDecision Last;

    public int Count;

    public readonly Operation Operation => First.Operation;
}
