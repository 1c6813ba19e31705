namespace OpenClaw.Edge.Proxying;

/// <summary>The deadline for an upstream to accept an upgrade.</summary>
/// <param name="late">Cancelled when the deadline passes, or when the request is aborted.</param>
/// <param name="aborted">Cancelled when the request is aborted.</param>
internal sealed class UpgradeDeadline(CancellationTokenSource late, CancellationToken aborted)
{
    /// <summary>Whether the deadline has passed before the request was aborted.</summary>
    public bool HasPassed => late.IsCancellationRequested && !aborted.IsCancellationRequested;

    /// <summary>Lifts the deadline: the upstream has accepted.</summary>
    public void Meet() => late.CancelAfter(Timeout.InfiniteTimeSpan);
}
