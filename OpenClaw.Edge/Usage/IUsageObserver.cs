namespace OpenClaw.Edge.Usage;

/// <summary>Receives the usage of each second. Called by one thread at a time, outside request processing.</summary>
internal interface IUsageObserver
{
    /// <summary>About a second has passed.</summary>
    /// <param name="now">The time.</param>
    /// <param name="second">Usage recorded in that second.</param>
    void SecondPassed(DateTimeOffset now, UsageSlice second);
}
