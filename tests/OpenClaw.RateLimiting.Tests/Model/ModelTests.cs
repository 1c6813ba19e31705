using CsCheck;
using OpenClaw.RateLimiting.Batching;
using OpenClaw.RateLimiting.Memory;
using OpenClaw.TestServers;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Model;

/// <summary>Every store gives the same answers as the reference, to the token and the microsecond, for any sequence of
/// operations.</summary>
public sealed class ModelTests(ITestOutputHelper output)
{
    private const int Sequences = 500;
    private const int StepsEach = 220;
    private const int WideSequences = 12;

    // As many as a call may have at most: what comes back for them is the largest list that the script handles.
    private const int MostPartitions = 255;

    [Fact]
    public void Decide_InMemory_AnswersLikeTheReference()
    {
        long now = 0;
        Check(() => new MemoryDecisionStore(() => now), time => now = time);
    }

    [Fact]
    public async Task Decide_InRedis_AnswersLikeTheReference()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync();
        await CheckAsync(server.ConnectionString);
    }

    [Fact]
    public async Task Decide_InGarnet_AnswersLikeTheReference()
    {
        using GarnetServer server = GarnetServer.Start();
        await CheckAsync(server.ConnectionString);
    }

    private async Task CheckAsync(string configuration)
    {
        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(
            $"{configuration},syncTimeout=20000,asyncTimeout=20000");
        var sequence = 0;
        ScriptClock? clock = null;
        Check(() => (clock = new ScriptClock(redis, $"{++sequence}:")).Store, time => clock!.Now = time);
    }

    private void Check(Func<IDecisionStore> newStore, Action<long> setClock)
    {
        Tally few = new(), many = new();
        Check(Steps.Sequence(StepsEach), Sequences, maxPartitions: 8, newStore, setClock, few);
        Check(Steps.WideSequence(4 * MostPartitions, 2 * MostPartitions), WideSequences, MostPartitions, newStore, setClock, many);
        output.WriteLine(
            $"{few.Steps} and {many.Steps} steps agreed, of up to {few.Buckets} and {many.Buckets} buckets "
            + $"in batches of up to {few.Partitions} and {many.Partitions} partitions.");
        Assert.True(few.Steps >= 100_000, $"{few.Steps} steps");
        Assert.Equal((RateLimitPolicy.MaxBuckets, MostPartitions), (many.Buckets, many.Partitions));
    }

    private void Check(
        Gen<Step[]> sequences, int count, int maxPartitions, Func<IDecisionStore> newStore, Action<long> setClock, Tally tally)
        => sequences.Sample(
            sequence =>
            {
                IDecisionStore store = newStore();
                ReferenceLimiter reference = new();
                // Far enough from zero for a clock that is put back.
                long now = 1_700_000_000_000_000;
                DecisionBatch batch = new(maxPartitions, maxDecisions: 2 * maxPartitions);
                List<(Step Step, PendingDecision Pending, Answer Expected)> waiting = [];
                foreach (Step step in sequence)
                {
                    PendingDecision pending = new();
                    pending.Prepare(step.Operation, step.Charges.ToArray(), CancellationToken.None, step.Buckets);
                    if (step.Advance != 0 || !batch.TryAdd(pending))
                    {
                        Send();
                        now += step.Advance;
                        batch.TryAdd(pending);
                    }

                    waiting.Add((step, pending, reference.Decide(step, now)));
                }

                Send();

                void Send()
                {
                    if (waiting.Count == 0)
                    {
                        return;
                    }

                    setClock(now);
                    store.DecideAsync(batch, CancellationToken.None).AsTask().GetAwaiter().GetResult();
                    foreach ((Step step, PendingDecision pending, Answer expected) in waiting)
                    {
                        Answer actual = Answer.Of(pending.Decision);
                        if (!actual.Equals(expected))
                        {
                            throw new InvalidOperationException($"at {now}: {step}\n  expected {expected}\n  actual   {actual}");
                        }
                    }

                    tally.Add(batch);
                    waiting.Clear();
                    batch.Complete();
                }
            },
            writeLine: output.WriteLine,
            iter: count,
            threads: 1,
            print: sequence => string.Join("\n", sequence.Select(step => step.ToString())));

    /// <summary>How much was compared.</summary>
    private sealed class Tally
    {
        public int Steps { get; private set; }

        public int Buckets { get; private set; }

        public int Partitions { get; private set; }

        public void Add(DecisionBatch batch)
        {
            Steps += batch.Decisions;
            Partitions = Math.Max(Partitions, batch.Partitions.Length);
            foreach (BatchPartition partition in batch.Partitions)
            {
                Buckets = Math.Max(Buckets, partition.Numbers.Length);
            }
        }
    }
}
