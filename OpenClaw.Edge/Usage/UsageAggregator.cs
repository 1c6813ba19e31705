using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Rules;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Usage;

/// <summary>Keeps this replica's sliding windows, and reports them. Not safe for concurrent use.</summary>
internal sealed class UsageAggregator
{
    private readonly UsageOptions _options;
    private readonly string _replica;
    private readonly IRateLimiterHealth _health;
    private readonly EdgeRulesStore _rules;
    private readonly DateTimeOffset _startedAt;
    private readonly SliceRing _recent;
    private readonly SliceRing _minute;
    private readonly SliceRing _hour;

    public UsageAggregator(IOptions<EdgeOptions> options, IRateLimiterHealth health, EdgeRulesStore rules, TimeProvider time)
    {
        _options = options.Value.Usage;
        _replica = options.Value.Limiter.ReplicaName;
        _health = health;
        _rules = rules;
        _startedAt = time.GetUtcNow();
        _recent = new SliceRing(TimeSpan.FromSeconds(1), UsageWindows.RateSeconds, _options.TrackedClients);
        _minute = new SliceRing(UsageWindows.TenSeconds, UsageWindows.MinuteSlices, _options.TrackedClients);
        _hour = new SliceRing(UsageWindows.FiveMinutes, UsageWindows.HourSlices, _options.TrackedClients);
    }

    /// <summary>Adds what was recorded since the last call.</summary>
    public void Add(DateTimeOffset now, UsageSlice second)
    {
        _recent.Add(now, second);
        _minute.Add(now, second);
        _hour.Add(now, second);
    }

    public ReplicaReport Report(DateTimeOffset now)
    {
        UsageSlice recent = _recent.Sum(now), minute = _minute.Sum(now), hour = _hour.Sum(now);
        return new ReplicaReport(
            _replica,
            now,
            _startedAt,
            _health.Circuit switch { CircuitState.Closed => "closed", CircuitState.HalfOpen => "halfOpen", _ => "open" },
            hour.Policies.Keys.ToDictionary(policy => policy, policy => new PolicyReport(
                CountsOf(recent, policy), CountsOf(minute, policy), CountsOf(hour, policy), LatencyOf(minute, policy))),
            minute.Sources,
            ReplicaTopClients.Of(minute.Denied, _options.ReportedClients),
            ReplicaTopClients.Of(hour.Denied, _options.ReportedClients),
            ReplicaTopClients.Of(minute.Admitted, _options.ReportedClients),
            ReplicaTopClients.Of(hour.Admitted, _options.ReportedClients),
            _health.Reason,
            _rules.DocumentVersion);
    }

    private static UsageCounts CountsOf(UsageSlice slice, string policy) => slice.Policies.GetValueOrDefault(policy)?.Counts ?? default;

    private static long[] LatencyOf(UsageSlice slice, string policy) =>
        slice.Policies.GetValueOrDefault(policy)?.Latency is { } counts
            ? counts[..(Array.FindLastIndex(counts, count => count > 0) + 1)]
            : [];
}
