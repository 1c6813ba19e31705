namespace OpenClaw.Edge.Proxying;

/// <summary>Time in which an upstream must agree to an upgrade.</summary>
/// <param name="late">Cancelled when the time is over.</param>
internal sealed class UpgradeDeadline(CancellationTokenSource late)
{
    /// <summary>The upstream has agreed in time.</summary>
    public void Meet() => late.CancelAfter(Timeout.InfiniteTimeSpan);
}
