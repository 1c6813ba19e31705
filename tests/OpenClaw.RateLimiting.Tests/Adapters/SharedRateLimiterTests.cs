using System.Threading.RateLimiting;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.Adapters;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Tests.Batching;
using OpenClaw.TestServers;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Adapters;

public sealed class SharedRateLimiterTests
{
    private static readonly RateLimitPolicy Policy = new("p", [new TokenBucket("burst", 3, 1, TimeSpan.FromSeconds(1))]);

    private readonly FakeTimeProvider _time = new();
    private readonly RateLimiterClient _shared;
    private readonly SharedRateLimiter _limiter;

    public SharedRateLimiterTests()
    {
        _shared = RateLimiterClient.InMemory(_time);
        _limiter = new SharedRateLimiter(_shared, Policy, "a", _time);
    }

    [Fact]
    public async Task AttemptAcquire_TokensThere_RefusesAndChargesNothing()
    {
        using RateLimitLease lease = _limiter.AttemptAcquire();

        Assert.False(lease.IsAcquired);
        Assert.True(lease.TryGetMetadata(MetadataName.ReasonPhrase, out string? reason));
        Assert.Contains("AcquireAsync", reason, StringComparison.Ordinal);
        Assert.Equal(3, (await _shared.DecideAsync([new Charge(Policy, "a", 0)])).Buckets[0].Remaining);
        Assert.Equal((0, 0), (_limiter.GetStatistics()!.TotalSuccessfulLeases, _limiter.GetStatistics()!.TotalFailedLeases));
    }

    [Fact]
    public async Task AcquireAsync_UntilDrained_LeasesAndThenTellsWhenToComeBack()
    {
        Assert.True((await _limiter.AcquireAsync(3)).IsAcquired);
        _time.Advance(TimeSpan.FromMilliseconds(250));

        using RateLimitLease refused = await _limiter.AcquireAsync();

        Assert.False(refused.IsAcquired);
        Assert.True(refused.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan retryAfter));
        Assert.Equal(TimeSpan.FromMilliseconds(750), retryAfter);
        Assert.True(refused.TryGetMetadata(MetadataName.ReasonPhrase, out string? reason));
        Assert.Equal("Bucket 'burst' has too few tokens.", reason);
        Assert.True(refused.TryGetMetadata(SharedRateLimitMetadata.Decision, out RateLimitDecision decision));
        Assert.Equal("burst", decision.Buckets[0].Bucket.Name);
        Assert.Equal(["RETRY_AFTER", "REASON_PHRASE", "OPENCLAW_DECISION"], refused.MetadataNames);
    }

    [Fact]
    public async Task AcquireAsync_Granted_HasNoRetryAfter()
    {
        using RateLimitLease lease = await _limiter.AcquireAsync();

        Assert.False(lease.TryGetMetadata(MetadataName.RetryAfter, out _));
        Assert.False(lease.TryGetMetadata("UNKNOWN", out _));
    }

    [Fact]
    public async Task AcquireAsync_MoreThanABucketHolds_FailsWithoutATimeToWait()
    {
        using RateLimitLease lease = await _limiter.AcquireAsync(4);

        Assert.False(lease.IsAcquired);
        Assert.False(lease.TryGetMetadata(MetadataName.RetryAfter, out _));
        Assert.True(lease.TryGetMetadata(MetadataName.ReasonPhrase, out string? reason));
        Assert.Contains("never", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AcquireAsync_MoreThanASecondBucketHolds_NamesThatOneAndNotTheFirstThatLacks()
    {
        RateLimitPolicy policy = new(
            "two",
            [
                new TokenBucket("trial", 1, 1, TimeSpan.FromSeconds(1)) { Shadow = true },
                new TokenBucket("drained", 10, 1, TimeSpan.FromSeconds(1)),
                new TokenBucket("small", 3, 1, TimeSpan.FromSeconds(1)),
            ]);
        using SharedRateLimiter limiter = new(_shared, policy, "a", _time);
        await _shared.DebitAsync(new Charge(policy, "a", 9));
        using RateLimitLease lease = await limiter.AcquireAsync(4);

        Assert.True(lease.TryGetMetadata(SharedRateLimitMetadata.Decision, out RateLimitDecision decision));
        Assert.Equal("drained", decision.Buckets[decision.RefusedBy!.Value].Bucket.Name);
        Assert.True(lease.TryGetMetadata(MetadataName.ReasonPhrase, out string? reason));
        Assert.Equal("Bucket 'small' never holds that many tokens.", reason);
    }

    [Fact]
    public async Task AcquireAsync_OfNothing_TellsWhetherThereIsSomething()
    {
        Assert.True((await _limiter.AcquireAsync(0)).IsAcquired);
        Assert.True(_limiter.AttemptAcquire(0).IsAcquired);

        await _limiter.AcquireAsync(3);

        Assert.False((await _limiter.AcquireAsync(0)).IsAcquired);
        Assert.False(_limiter.AttemptAcquire(0).IsAcquired);
    }

    [Fact]
    public async Task GetStatistics_AfterLeases_CountsThem()
    {
        await _limiter.AcquireAsync(2);
        await _limiter.AcquireAsync(2);

        RateLimiterStatistics statistics = _limiter.GetStatistics()!;

        Assert.Equal(
            (1, 1, 1, 0), (
                statistics.TotalSuccessfulLeases, statistics.TotalFailedLeases, statistics.CurrentAvailablePermits,
                statistics.CurrentQueuedCount));
    }

    [Fact]
    public async Task IdleDuration_SinceTheLastDecision_Grows()
    {
        await _limiter.AcquireAsync();
        _time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal(TimeSpan.FromSeconds(11), _limiter.IdleDuration);
    }

    [Fact]
    public async Task AcquireAsync_UnderWay_IsQueuedAndNotIdle()
    {
        GatedStore store = new(_time);
        using SharedRateLimiter limiter = new(new RateLimiterClient(store, new RedisRateLimiterOptions(), _time), Policy, "a", _time);
        Task<RateLimitLease> underWay = limiter.AcquireAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(11));

        Assert.Equal((null, 1), (limiter.IdleDuration, limiter.GetStatistics()!.CurrentQueuedCount));

        store.Answer();
        await underWay;
        Assert.Equal((TimeSpan.Zero, 0), (limiter.IdleDuration, limiter.GetStatistics()!.CurrentQueuedCount));
    }

    [Fact]
    public async Task AcquireAsync_CancelledBeforeItIsSent_IsNoLeaseAndNotQueued()
    {
        GatedStore store = new(_time);
        using SharedRateLimiter limiter = new(new RateLimiterClient(store, new RedisRateLimiterOptions(), _time), Policy, "a", _time);
        using CancellationTokenSource cancellation = new();
        Task<RateLimitLease> underWay = limiter.AcquireAsync().AsTask(), waiting = limiter.AcquireAsync(1, cancellation.Token).AsTask();
        Assert.Equal(2, limiter.GetStatistics()!.CurrentQueuedCount);

        await cancellation.CancelAsync();
        store.Answer();

        // Bounded: a limiter that forgets a cancelled waiter fails the test instead of holding it up for ever.
        await Poll.UntilAsync("both have ended", () => underWay.IsCompleted && waiting.IsCompleted, TimeSpan.FromSeconds(10));
        Assert.True((await underWay).IsAcquired);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        RateLimiterStatistics statistics = limiter.GetStatistics()!;
        Assert.Equal(
            (1, 0, 0, 2), (
                statistics.TotalSuccessfulLeases, statistics.TotalFailedLeases, statistics.CurrentQueuedCount,
                statistics.CurrentAvailablePermits));
        Assert.NotNull(limiter.IdleDuration);
    }

    [Fact]
    public async Task Dispose_ThenAcquire_Throws()
    {
        _limiter.Dispose();

        Assert.Throws<ObjectDisposedException>(() => _limiter.AttemptAcquire());
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await _limiter.AcquireAsync());
    }

    [Fact]
    public async Task CreateLimiter_ManyPartitions_KeepsThemApart()
    {
        using PartitionedRateLimiter<string> limiter = SharedRateLimitPartition.CreateLimiter<string>(_shared, Policy, name => name);

        Assert.True((await limiter.AcquireAsync("x", 3)).IsAcquired);
        Assert.False((await limiter.AcquireAsync("x")).IsAcquired);
        Assert.True((await limiter.AcquireAsync("y", 3)).IsAcquired);
        Assert.Equal(1, limiter.GetStatistics("x")!.TotalFailedLeases);
    }
}
