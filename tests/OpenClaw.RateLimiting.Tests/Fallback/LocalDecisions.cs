using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.Batching;
using OpenClaw.RateLimiting.Fallback;
using OpenClaw.RateLimiting.Replicas;

namespace OpenClaw.RateLimiting.Tests.Fallback;

/// <summary>A <see cref="FailureModeStore"/> with what it needs, asked one decision at a time.</summary>
internal sealed class LocalDecisions
{
    private readonly FakeTimeProvider _time;
    private readonly FillLevelCache _levels;

    public LocalDecisions(FakeTimeProvider time, int replicas, int maxPartitions = 1000, int rememberedLevels = 1000)
    {
        _time = time;
        _levels = new FillLevelCache(rememberedLevels);
        Replicas = new ReplicaCount(replicas, TimeSpan.FromSeconds(3), time);
        Store = new FailureModeStore(Replicas, _levels, maxPartitions, time);
    }

    public ReplicaCount Replicas { get; }

    public FailureModeStore Store { get; }

    public RateLimitDecision Decide(params ReadOnlySpan<Charge> charges)
    {
        PendingDecision pending = Batches.Pending(_time, charges);
        DecisionBatch batch = Batches.Of(pending);
        Store.Decide(batch);
        return pending.Decision;
    }

    public int Admit(RateLimitPolicy policy, string partition, int requests)
    {
        var admitted = 0;
        for (var i = 0; i < requests; i++)
        {
            admitted += Decide(new Charge(policy, partition)).IsAllowed ? 1 : 0;
        }

        return admitted;
    }

    /// <summary>The last level of a partition that a decision in Redis returned.</summary>
    public void RedisLeft(RateLimitPolicy policy, string partition, long remaining, TimeSpan blockedFor = default)
    {
        BatchPartition seen = new();
        seen.Start(policy, partition);
        seen.BlockedFor = (long)blockedFor.TotalMicroseconds;
        for (var i = 0; i < seen.Numbers.Length; i++)
        {
            seen.Deficits[i] = seen.Numbers[i].Capacity - (remaining * seen.Numbers[i].UnitsPerToken);
        }

        _levels.Remember(seen, FailureModeStore.Microseconds(_time));
    }
}
