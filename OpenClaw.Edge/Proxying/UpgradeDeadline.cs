namespace OpenClaw.Edge.Proxying;

/// <summary>The deadline for an upstream to accept an upgrade.</summary>
/// <param name="late">Cancelled when the deadline passes.</param>
internal sealed class UpgradeDeadline(CancellationTokenSource late)
{
    /// <summary>Lifts the deadline: the upstream has accepted.</summary>
    public void Meet() => late.CancelAfter(Timeout.InfiniteTimeSpan);
}
