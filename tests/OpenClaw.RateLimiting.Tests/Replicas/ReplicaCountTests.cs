using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.Replicas;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Replicas;

public sealed class ReplicaCountTests
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Current_BeforeTheFirstAnswer_IsAssumed() => Assert.Equal(4, Counting(assumed: 4).Current);

    [Fact]
    public void Record_FirstAnswer_ReplacesTheAssumption()
    {
        ReplicaCount replicas = Counting(assumed: 4);

        replicas.Record(2);

        Assert.Equal(2, replicas.Current);
    }

    [Fact]
    public void Record_More_CountsAtOnce()
    {
        ReplicaCount replicas = Counting();
        replicas.Record(1);

        replicas.Record(5);

        Assert.Equal(5, replicas.Current);
    }

    [Fact]
    public void Record_Fewer_CountsOnlyAfterALifetime()
    {
        ReplicaCount replicas = Counting();
        replicas.Record(5);

        Assert.Equal([5, 5, 5, 3], new[] { 1, 3, 2, 2 }.Select(heard => HearAfterABeat(replicas, heard)));
    }

    [Fact]
    public void Missed_InBetween_StartsTheLifetimeAgain()
    {
        ReplicaCount replicas = Counting();
        replicas.Record(5);
        HearAfterABeat(replicas, 1);
        HearAfterABeat(replicas, 1);

        replicas.RecordMissing();

        Assert.Equal([5, 5, 5, 1], Enumerable.Repeat(1, 4).Select(heard => HearAfterABeat(replicas, heard)));
    }

    [Fact]
    public void Record_OutOfRange_StaysInRange()
    {
        ReplicaCount replicas = Counting();

        replicas.Record(0);
        Assert.Equal(1, replicas.Current);
        replicas.Record(int.MaxValue);
        Assert.Equal(BucketArithmetic.MaxShares, replicas.Current);
    }

    private ReplicaCount Counting(int assumed = 1) => new(assumed, settleTime: 3 * Beat, _time);

    private int HearAfterABeat(ReplicaCount replicas, int heard)
    {
        _time.Advance(Beat);
        replicas.Record(heard);
        return replicas.Current;
    }
}
