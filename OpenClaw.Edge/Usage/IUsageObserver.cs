namespace OpenClaw.Edge.Usage;

/// <summary>Follows usage second by second. Called by one thread at a time, off the way of requests.</summary>
internal interface IUsageObserver
{
    /// <summary>About a second has passed.</summary>
    /// <param name="now">The time.</param>
    /// <param name="second">What was recorded in it.</param>
    void SecondPassed(DateTimeOffset now, UsageSlice second);
}
