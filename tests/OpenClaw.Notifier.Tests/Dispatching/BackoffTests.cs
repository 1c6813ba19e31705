using OpenClaw.Notifier.Dispatching;
using OpenClaw.Notifier.Options;

namespace OpenClaw.Notifier.Tests.Dispatching;

public sealed class BackoffTests
{
    private static readonly RetryOptions Options = new()
    {
        MaxAttempts = 8,
        FirstDelay = TimeSpan.FromSeconds(5),
        MaxDelay = TimeSpan.FromMinutes(1),
        MaxRetryAfter = TimeSpan.FromMinutes(10),
    };

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(3, 20)]
    [InlineData(4, 40)]
    [InlineData(5, 60)]
    [InlineData(100, 60)]
    public void Next_AfterAnAttempt_IsAnythingUpToTheDoubledDelay(int attempt, double longest)
    {
        double[] delays = [.. Enumerable.Range(0, 1_000).Select(
            seed => new Backoff(Options, new Random(seed)).Next(attempt, null).TotalSeconds)];

        Assert.All(delays, delay => Assert.InRange(delay, 0, longest));
        Assert.True(delays.Min() < longest * 0.05);
        Assert.True(delays.Max() > longest * 0.95);
        Assert.InRange(delays.Average(), longest * 0.45, longest * 0.55);
    }

    [Fact]
    public void Next_ReceiverAsksToWait_IsThatUpToTheBound()
    {
        Backoff backoff = new(Options, new Random(1));

        Assert.Equal(TimeSpan.FromMinutes(2), backoff.Next(1, TimeSpan.FromMinutes(2)));
        Assert.Equal(TimeSpan.FromMinutes(10), backoff.Next(1, TimeSpan.FromDays(1)));
        Assert.InRange(backoff.Next(1, TimeSpan.Zero), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void IsLast_AttemptsUsedUp_IsTrue()
    {
        Backoff backoff = new(Options, new Random(1));

        Assert.False(backoff.IsLast(7));
        Assert.True(backoff.IsLast(8));
        Assert.True(backoff.IsLast(9));
    }
}
