using System.Collections.Concurrent;
using System.Diagnostics;
using OpenClaw.TestServers;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Failures;

/// <summary>Steady requests through some replicas: of one client that asks for more than it may have, and of many that stay below their
/// limits and so always reach for Redis.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    public const string Greedy = "greedy";
    public const int Capacity = 40;
    public const int Rate = 20;
    private const int LoopsPerReplica = 4;
    private const int WarmAnswers = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan Deadline = new RedisRateLimiterOptions().Deadline;

    private readonly RateLimitPolicy _policy = new("tight", [new TokenBucket("burst", Capacity, Rate, TimeSpan.FromSeconds(1))]);
    private readonly RateLimitPolicy _wide = new("wide", [new TokenBucket("burst", 1_000_000, 1_000_000, TimeSpan.FromSeconds(1))]);
    private readonly IReadOnlyList<Replica> _replicas;
    private readonly ConcurrentQueue<Sample> _samples = new();
    private readonly ConcurrentQueue<Exception> _exceptions = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private readonly Task[] _loops;
    private readonly ConcurrentQueue<TimeSpan> _timersLate = new();

    private readonly int _assumedReplicas;

    private Traffic(IReadOnlyList<Replica> replicas, int assumedReplicas = 1)
    {
        _replicas = replicas;
        _assumedReplicas = assumedReplicas;
        _loops =
        [
            .. replicas.SelectMany(replica => Enumerable.Range(0, LoopsPerReplica).Select(i => Task.Run(() => AskAsync(replica, i)))),
            .. Enumerable.Range(0, LoopsPerReplica).Select(_ => Task.Run(WatchTimersAsync)),
        ];
    }

    /// <summary>Starts the requests and returns when every replica has had some answers from Redis: what a process needs to compile and
    /// load at first is no failure.</summary>
    public static async Task<Traffic> StartAsync(params IReadOnlyList<Replica> replicas)
    {
        Traffic traffic = new(replicas);
        await Poll.UntilAsync("every replica decides by Redis", () =>
            replicas.All(replica => traffic._samples.Count(
                sample => sample.Replica == replica && sample.Source == DecisionSource.Store) >= WarmAnswers), Patience);
        foreach (Replica replica in replicas)
        {
            replica.Durations.Clear();
        }

        return traffic;
    }

    /// <summary>Starts the requests on a Redis that is not there: until it comes, the replica's share of the limit is all that is
    /// due.</summary>
    public static Traffic StartWithoutRedis(Replica replica, int assumedReplicas) => new([replica], assumedReplicas);

    /// <summary>Whether timers that have nothing to do with the limiter were later than the deadline: no decision can then be expected in
    /// time.</summary>
    public bool MachineWasLate => _timersLate.Max() >= Deadline;

    /// <summary>Answers so far from a source.</summary>
    public int Count(DecisionSource source) => _samples.Count(sample => sample.Source == source);

    /// <summary>Waits until every replica has had an answer from <paramref name="source"/> that was asked for after this call.</summary>
    public Task<TimeSpan> UntilAsync(DecisionSource source)
    {
        long now = Stopwatch.GetTimestamp();
        return Poll.UntilAsync($"every replica decides by {source}", () =>
            _replicas.All(replica => _samples.Any(
                sample => sample.Replica == replica && sample.AskedAt >= now && sample.Source == source)), Patience);
    }

    /// <summary>Waits until decisions come from Redis, and checks that it took at most a second.</summary>
    public async Task RecoversAsync()
    {
        TimeSpan took = await UntilAsync(DecisionSource.Store);
        TestContext.Current.TestOutputHelper?.WriteLine($"Recovered after {took.TotalMilliseconds:0} ms.");
        Assert.True(took <= TimeSpan.FromSeconds(1), $"Decisions came back to Redis only after {took.TotalMilliseconds:0} ms.");
    }

    /// <summary>Ends the requests and checks what holds in every failure: no exception, answers in time, the greedy client within its limit
    /// and one local share for each replica.</summary>
    /// <param name="bursts">Bursts that are due to the greedy client.</param>
    /// <param name="deadline">Time for a decision, for replicas with a deadline of their own.</param>
    public async Task StopAsync(int bursts = 1, TimeSpan? deadline = null)
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops);
        Assert.Empty(_exceptions);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_startedAt);

        double[] durations = [.. _replicas.SelectMany(replica => replica.Durations.GetMeasurementSnapshot())
            .Where(duration => !Equals(duration.Tags["source"], "deny_cache")).Select(duration => duration.Value * 1000).Order()];
        double[] timers = [.. _timersLate.Select(late => late.TotalMilliseconds).Order()];
        double p99 = Percentile99(durations), late = Percentile99(timers);
        int admitted = _samples.Count(sample => sample is { IsGreedy: true, IsAllowed: true });
        int shares = Math.Max(1, Capacity / _replicas.Count) * _replicas.Count;
        double most = (bursts * Capacity) + (Rate * elapsed.TotalSeconds) + shares;

        // The burst and the rate are due from whichever bucket answers. At each change from Redis to local shares and back, a bucket is
        // left with a part of a token, and a level is remembered in steps; an outage may come in two.
        double least = ((Capacity + (Rate * elapsed.TotalSeconds)) / _assumedReplicas) - (5 * (1 + _replicas.Count));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{durations.Length} decisions, p99 {p99:0.0} ms, worst {durations[^1]:0.0} ms; "
            + $"{timers.Length} bare timers, p99 {late:0.0} ms late, worst {timers[^1]:0.0} ms; "
            + $"admitted {admitted} of {least:0} to {most:0}; "
            + string.Join(", ", _samples.GroupBy(sample => sample.Source).Select(group => $"{group.Key} {group.Count()}")));

        // What the machine did as often to timers that have nothing to do with the limiter is not the limiter's: a few milliseconds where
        // nothing else runs.
        double bound = ((deadline ?? Deadline) + TimeSpan.FromMilliseconds(20)).TotalMilliseconds;
        Assert.True(
            p99 - late <= bound,
            $"p99 is {p99:0.0} ms of {durations.Length} decisions; "
                + $"it must be at most {bound} ms and the {late:0.0} ms that bare timers were late.");
        Assert.True(admitted <= most, $"{admitted} admitted in {elapsed.TotalSeconds:0.0} s; at most {most:0} are right.");
        Assert.True(admitted >= least, $"{admitted} admitted in {elapsed.TotalSeconds:0.0} s; at least {least:0} are due.");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops);
        _stop.Dispose();
    }

    private async Task AskAsync(Replica replica, int loop)
    {
        for (var i = 0; !_stop.IsCancellationRequested; i++)
        {
            bool isGreedy = i % 2 == 0;
            Charge charge = isGreedy ? new Charge(_policy, Greedy) : new Charge(_wide, $"client-{loop}-{i % 64}");
            long askedAt = Stopwatch.GetTimestamp();
            try
            {
                RateLimitDecision decision = await replica.Limiter.DecideAsync([charge]);
                _samples.Enqueue(new Sample(replica, askedAt, isGreedy, decision.IsAllowed, decision.Source));
            }
            catch (Exception exception)
            {
                _exceptions.Enqueue(exception);
            }

            await Task.Delay(Pause);
        }
    }

    private static double Percentile99(double[] sorted) => sorted[(int)(sorted.Length * 0.99)];

    // What the machine does to a timer that has nothing to do with the limiter.
    private async Task WatchTimersAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            long start = Stopwatch.GetTimestamp();
            await Task.Delay(Pause);
            _timersLate.Enqueue(Stopwatch.GetElapsedTime(start) - Pause);
        }
    }

    private readonly record struct Sample(Replica Replica, long AskedAt, bool IsGreedy, bool IsAllowed, DecisionSource Source);
}
