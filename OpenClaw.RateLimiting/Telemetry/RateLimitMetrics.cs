using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OpenClaw.RateLimiting.Telemetry;

/// <summary>The limiter's instruments. Nobody listening costs one check per decision.</summary>
internal sealed class RateLimitMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "OpenClaw.RateLimiting";

    private static readonly string[] Sources = ["store", "deny_cache", "local", "open", "closed"];

    private readonly Counter<long> _decisions;
    private readonly Histogram<double> _duration;
    private readonly Histogram<int> _batchSize;
    private readonly Counter<long> _storeCalls;

    public RateLimitMetrics(IMeterFactory meterFactory)
    {
        Meter = meterFactory.Create(MeterName);
        _decisions = Meter.CreateCounter<long>("openclaw.ratelimit.decisions", "{decision}", "Requests decided, by the policy that was decisive, result and source.");
        _duration = Meter.CreateHistogram(
            "openclaw.ratelimit.decision.duration",
            "s",
            "Time from asking to the answer.",
            tags: null,
            new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.00001, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
            });
        _batchSize = Meter.CreateHistogram(
            "openclaw.ratelimit.batch.size",
            "{decision}",
            "Decisions made in one call of the store.",
            tags: null,
            new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024] });
        _storeCalls = Meter.CreateCounter<long>("openclaw.ratelimit.store.calls", "{call}", "Calls of the store, each deciding a batch.");
    }

    /// <summary>For the instruments of single features.</summary>
    public Meter Meter { get; }

    /// <summary>Whether anybody listens to single decisions.</summary>
    public bool IsEnabled => _decisions.Enabled || _duration.Enabled;

    /// <summary>Reports how many partitions the deny cache refuses for.</summary>
    public void ObserveDenyCache(Func<int> count) => Meter.CreateObservableUpDownCounter(
        "openclaw.ratelimit.deny_cache.entries", () => count(), "{partition}", "Partitions that are refused from memory.");

    /// <summary>One call of the store.</summary>
    public void Batch(int decisions)
    {
        _storeCalls.Add(1);
        _batchSize.Record(decisions);
    }

    /// <summary>One decision. The policy is the one that refused, or, as shadow, would have; else the first.</summary>
    public void Decision(in RateLimitDecision decision, RateLimitPolicy first, TimeSpan duration)
    {
        string policy = first.Name, result = decision.IsAllowed ? "allowed" : "denied";
        if (decision.RefusedBy >= 0)
        {
            policy = decision.Buckets[decision.RefusedBy].Policy.Name;
        }
        else if (decision.IsAllowed)
        {
            foreach (BucketStatus bucket in decision.Buckets)
            {
                if (bucket.Lacks)
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
        _decisions.Add(1, tags);
        _duration.Record(duration.TotalSeconds, tags);
    }
}
