using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OpenClaw.RateLimiting.Telemetry;

/// <summary>Instruments of the limiter. Without listeners a decision costs one check. Exceptions from listeners are dropped: a measurement
/// must not fail a decision.</summary>
internal sealed class RateLimitMetrics
{
    private static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [0.00001, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
    };

    private static readonly string[] Sources = ["store", "deny_cache", "local", "open", "closed"];

    private readonly Counter<long> _decisions;
    private readonly Histogram<double> _duration;
    private readonly Histogram<int> _batchSize;
    private readonly Counter<long> _storeCalls;
    private readonly Counter<long> _storeFailures;
    private readonly Histogram<double> _storeDuration;

    public RateLimitMetrics(IMeterFactory meterFactory)
    {
        Meter = meterFactory.Create(RateLimiterTelemetry.MeterName);
        _decisions = Meter.CreateCounter<long>(
            "openclaw.ratelimit.decisions", "{decision}", "Decisions, by deciding policy, result and source.");
        _duration = Meter.CreateHistogram(
            "openclaw.ratelimit.decision.duration",
            "s",
            "Time from the request for a decision to the decision.",
            tags: null,
            Durations);
        _batchSize = Meter.CreateHistogram(
            "openclaw.ratelimit.batch.size",
            "{decision}",
            "Decisions in one call to the store.",
            tags: null,
            new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] });
        _storeCalls = Meter.CreateCounter<long>(
            "openclaw.ratelimit.store.calls", "{call}", "Calls to the store, each with a batch of decisions.");
        _storeFailures = Meter.CreateCounter<long>(
            "openclaw.ratelimit.store.failures", "{call}", "Calls to Redis that failed or were not answered in time.");
        _storeDuration = Meter.CreateHistogram(
            "openclaw.ratelimit.store.duration", "s", "Duration of calls to Redis.", tags: null, Durations);
    }

    /// <summary>Value of the tag <c>source</c>.</summary>
    public static string NameOf(DecisionSource source) => Sources[(int)source];

    /// <summary>The meter.</summary>
    public Meter Meter { get; }

    /// <summary>Whether anything listens to the instruments of decisions.</summary>
    public bool IsEnabled => _decisions.Enabled || _duration.Enabled;

    /// <summary>Adds a gauge of the partitions in the deny cache.</summary>
    public void ObserveDenyCache(Func<int> count) => Meter.CreateObservableUpDownCounter(
        "openclaw.ratelimit.deny_cache.entries", () => count(), "{partition}", "Partitions in the deny cache.");

    /// <summary>Adds gauges of the circuit and of the live replicas.</summary>
    public void ObserveHealth(IRateLimiterHealth health)
    {
        Meter.CreateObservableGauge(
            "openclaw.ratelimit.state",
            () => (int)health.Circuit,
            unit: null,
            "0: Redis decides. 1: a probe asks whether Redis is back. 2: Redis is not asked until the next probe.");
        Meter.CreateObservableGauge(
            "openclaw.ratelimit.replicas", () => health.Replicas, "{replica}", "Live replicas that share the limits.");
    }

    /// <summary>Publishes 0 for each reason, so that <c>increase()</c> sees the first failure.</summary>
    public void ExpectFailures(IEnumerable<string> reasons)
    {
        foreach (string reason in reasons)
        {
            Add(_storeFailures, 0, new TagList { { "result", reason } });
        }
    }

    /// <summary>Records one call to Redis; <paramref name="failure"/> is null if it was answered in time.</summary>
    public void StoreCall(TimeSpan duration, string? failure)
    {
        Record(_storeDuration, duration.TotalSeconds);
        if (failure is not null)
        {
            Add(_storeFailures, 1, new TagList { { "result", failure } });
        }
    }

    /// <summary>Records one batch that a store decided.</summary>
    public void Batch(int decisions)
    {
        Add(_storeCalls, 1);
        Record(_batchSize, decisions);
    }

    /// <summary>Records one decision. The policy is that of the first bucket with too few tokens, shadows included, or else of the last
    /// charge, which is usually the most specific.</summary>
    public void Decision(in RateLimitDecision decision, RateLimitPolicy last, TimeSpan duration)
    {
        if (last.IsUnobserved)
        {
            return;
        }

        string policy = last.Name, result = decision.IsAllowed ? "allowed" : "denied";
        if (decision.RefusedBy is { } index)
        {
            policy = decision.Buckets[index].Policy.Name;
        }
        else if (decision.IsAllowed)
        {
            foreach (BucketStatus bucket in decision.Buckets)
            {
                if (bucket.IsInsufficient)
                {
                    policy = bucket.Policy.Name;
                    result = "shadow_denied";
                    break;
                }
            }
        }

        TagList tags = new()
        {
            { "policy", policy },
            { "result", result },
            { "source", Sources[(int)decision.Source] },
        };
        Add(_decisions, 1, tags);
        Record(_duration, duration.TotalSeconds, tags);
    }

    private static void Add(Counter<long> counter, long delta, in TagList tags = default)
    {
        try
        {
            counter.Add(delta, tags);
        }
        catch (Exception)
        {
            // Thrown by a listener.
        }
    }

    private static void Record<T>(Histogram<T> histogram, T value, in TagList tags = default)
        where T : struct
    {
        try
        {
            histogram.Record(value, tags);
        }
        catch (Exception)
        {
            // Thrown by a listener.
        }
    }
}
