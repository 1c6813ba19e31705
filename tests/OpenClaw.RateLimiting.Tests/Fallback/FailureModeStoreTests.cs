using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Fallback;

public sealed class FailureModeStoreTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(20, 1, 20)]
    [InlineData(20, 3, 6)]
    [InlineData(20, 20, 1)]
    [InlineData(1, 3, 1)]
    public void Decide_UnknownClient_GrantsTheShareOfTheCapacity(long capacity, int replicas, int granted)
    {
        LocalDecisions local = new(_time, replicas);

        Assert.Equal(granted, local.Admit(Policy(capacity), "client", requests: 30));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    public void Decide_OverTime_RefillsAtTheShareOfTheRate(int replicas)
    {
        LocalDecisions local = new(_time, replicas);
        RateLimitPolicy policy = Policy(capacity: 70, rate: 5);
        local.Admit(policy, "client", requests: 100);

        var granted = 0;
        for (var i = 0; i < 8 * 210; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1) / 8);
            granted += local.Admit(policy, "client", requests: 2);
        }

        // 5 per second for 210 s over the replicas; refills by fractions of a token add up without loss.
        Assert.Equal(5 * 210 / replicas, granted);
    }

    [Fact]
    public void Decide_ClientThatRedisLeftDrained_GrantsNoFreshBurst()
    {
        LocalDecisions local = new(_time, replicas: 2);
        RateLimitPolicy policy = Policy(capacity: 20, rate: 5);
        local.RedisLeft(policy, "client", remaining: 0);

        Assert.Equal(0, local.Admit(policy, "client", requests: 30));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(5, local.Admit(policy, "client", requests: 30));
    }

    [Fact]
    public void Decide_ClientThatRedisLeftHalfFull_StartsHalfFull()
    {
        LocalDecisions local = new(_time, replicas: 2);
        RateLimitPolicy policy = Policy(capacity: 40, rate: 1);
        local.RedisLeft(policy, "client", remaining: 20);

        Assert.InRange(local.Admit(policy, "client", requests: 40), 9, 10);
    }

    // Levels are kept in steps of a 255th, rounded down, so that rounding never grants tokens.
    [Theory]
    [InlineData(1000, 1)]
    [InlineData(1000, 3)]
    [InlineData(1000, 999)]
    [InlineData(256, 255)]
    public void Decide_ClientThatRedisLeftBetweenTwoSteps_GrantsNoMoreThanWasLeft(long capacity, long remaining)
    {
        LocalDecisions local = new(_time, replicas: 1);
        RateLimitPolicy policy = Policy(capacity);
        local.RedisLeft(policy, "client", remaining);

        Assert.InRange(local.Admit(policy, "client", requests: (int)capacity), remaining - (capacity / 255) - 1, remaining);
    }

    // A configuration that was read again, or has other numbers, is another object of the same policy.
    [Theory]
    [InlineData(20)]
    [InlineData(40)]
    public void Decide_PolicyMadeAnewSinceRedisLeftTheClientDrained_GrantsNoFreshBurst(long capacity)
    {
        LocalDecisions local = new(_time, replicas: 1);
        local.RedisLeft(Policy(capacity: 20), "client", remaining: 0);

        Assert.Equal(0, local.Admit(Policy(capacity), "client", requests: 30));
    }

    [Fact]
    public void Decide_OtherBucketsUnderTheSamePolicyName_StartsFull()
    {
        LocalDecisions local = new(_time, replicas: 1);
        local.RedisLeft(Policy(capacity: 20), "client", remaining: 0);
        RateLimitPolicy other = new("policy", [new TokenBucket("daily", 20, 1, TimeSpan.FromSeconds(1))]);

        Assert.Equal(20, local.Admit(other, "client", requests: 30));
    }

    [Fact]
    public void Decide_ClientThatRedisSawBeforeTheLastOutage_KeepsTheLowerLevel()
    {
        LocalDecisions local = new(_time, replicas: 1);
        RateLimitPolicy policy = Policy(capacity: 20, rate: 1);
        local.RedisLeft(policy, "client", remaining: 20);
        Assert.Equal(20, local.Admit(policy, "client", requests: 30));

        // Redis returns for a moment, without the grants made in the meantime, and fails again.
        _time.Advance(TimeSpan.FromSeconds(3));
        local.RedisLeft(policy, "client", remaining: 20);

        Assert.Equal(3, local.Admit(policy, "client", requests: 30));
    }

    [Fact]
    public void Decide_ClientDrainedThroughRedisSinceTheLastOutage_IsDrained()
    {
        LocalDecisions local = new(_time, replicas: 1);
        RateLimitPolicy policy = Policy(capacity: 20, rate: 1);
        local.Admit(policy, "client", requests: 1);
        _time.Advance(TimeSpan.FromSeconds(5));
        local.RedisLeft(policy, "client", remaining: 0);

        Assert.Equal(0, local.Admit(policy, "client", requests: 5));
    }

    [Fact]
    public void Decide_ClientThatIsBlocked_StaysBlockedUntilTheBlockEnds()
    {
        LocalDecisions local = new(_time, replicas: 1);
        RateLimitPolicy policy = Policy(capacity: 20);
        local.RedisLeft(policy, "client", remaining: 20, blockedFor: TimeSpan.FromSeconds(10));

        RateLimitDecision refused = local.Decide(new Charge(policy, "client"));
        Assert.False(refused.IsAllowed);
        Assert.Equal(TimeSpan.FromSeconds(10), refused.BlockedFor);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(local.Decide(new Charge(policy, "client")).IsAllowed);
    }

    [Fact]
    public void Decide_MoreReplicas_KeepsTheLevelInProportion()
    {
        LocalDecisions local = new(_time, replicas: 1);
        RateLimitPolicy policy = Policy(capacity: 40, rate: 1);
        local.Admit(policy, "client", requests: 20);

        local.Replicas.Record(4);

        Assert.Equal(5, local.Admit(policy, "client", requests: 40));
    }

    [Fact]
    public void Decide_CostAboveTheShare_IsToComeBackWhenRedisMayBeBack()
    {
        LocalDecisions local = new(_time, replicas: 4);
        RateLimitPolicy policy = Policy(capacity: 20, rate: 5);

        RateLimitDecision refused = local.Decide(new Charge(policy, "client", Cost: 6));

        Assert.False(refused.IsAllowed);
        Assert.Equal(DecisionSource.Local, refused.Source);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.RetryAfter);
        Assert.Equal(Timeout.InfiniteTimeSpan, local.Decide(new Charge(policy, "client", Cost: 21)).RetryAfter);
    }

    [Fact]
    public void Decide_Locally_TellsTheBucketOfThePolicy()
    {
        RateLimitPolicy policy = Policy(capacity: 20);

        BucketStatus bucket = new LocalDecisions(_time, replicas: 4).Decide(new Charge(policy, "client")).Buckets[0];

        Assert.Same(policy.Buckets[0], bucket.Bucket);
        Assert.Equal(4, bucket.Remaining);
    }

    [Theory]
    [InlineData(FailureMode.Open, true, DecisionSource.Open)]
    [InlineData(FailureMode.Closed, false, DecisionSource.Closed)]
    public void Decide_OpenOrClosed_AnswersUnseen(FailureMode mode, bool allowed, DecisionSource source)
    {
        LocalDecisions local = new(_time, replicas: 1);

        RateLimitDecision decision = local.Decide(new Charge(Policy(capacity: 1, mode: mode), "client", Cost: 1));

        Assert.Equal((allowed, source), (decision.IsAllowed, decision.Source));
        Assert.Empty(decision.Buckets);
        Assert.Equal(allowed ? TimeSpan.Zero : TimeSpan.FromSeconds(1), decision.RetryAfter);
        Assert.Equal(0, local.Store.Count);
    }

    [Fact]
    public void Decide_FloodOfNewClients_StaysBoundedAndForgetsNobodyDrained()
    {
        const int bound = 1000;
        LocalDecisions local = new(_time, replicas: 1, maxPartitions: bound, rememberedLevels: 2);
        RateLimitPolicy policy = Policy(capacity: 20, rate: 1);
        string[] drained = [.. Enumerable.Range(0, 50).Select(i => $"drained-{i}")];
        foreach (string client in drained)
        {
            local.Admit(policy, client, requests: 20);
        }

        for (var i = 0; i < 20 * bound; i++)
        {
            local.Admit(policy, $"new-{i}", requests: 1);
        }

        Assert.Equal(bound, local.Store.Count);
        Assert.All(drained, client => Assert.Equal(0, local.Admit(policy, client, requests: 1)));
    }

    [Fact]
    public void Decide_EvictedClient_ComesBackAsItLeft()
    {
        LocalDecisions local = new(_time, replicas: 1, maxPartitions: 1, rememberedLevels: 4096);
        RateLimitPolicy policy = Policy(capacity: 20, rate: 1);
        local.Admit(policy, "client", requests: 20);
        local.Admit(policy, "other", requests: 1);

        Assert.Equal(0, local.Admit(policy, "client", requests: 20));
    }

    private static RateLimitPolicy Policy(long capacity, long rate = 1, FailureMode mode = FailureMode.Local) =>
        new("policy", [new TokenBucket("burst", capacity, rate, TimeSpan.FromSeconds(1))], mode);
}
