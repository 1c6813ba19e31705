using OpenClaw.Edge.Redis;
using OpenClaw.Edge.Rules;
using OpenClaw.RateLimiting;
using StackExchange.Redis;

namespace OpenClaw.Edge.Usage;

/// <summary>Reads the usage of all replicas from Redis. Counts include replicas that have stopped since; latency, rates and top clients
/// cover only replicas that still report. While Redis does not answer, everything covers this replica only.</summary>
internal sealed class FleetUsage(
    RedisUsageStore store, UsageReporter reporter, ControlPlaneKeys keys, EdgeRulesStore rules, TimeProvider time)
{
    // Streams and pages ask at the same time. They share one result for this long.
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private (long At, Task<FleetReport> Report)? _latest;

    /// <summary>Usage now.</summary>
    public Task<FleetReport> ReadAsync()
    {
        lock (_lock)
        {
            if (_latest is { } latest && (!latest.Report.IsCompleted || time.GetElapsedTime(latest.At) < Freshness))
            {
                return latest.Report;
            }

            Task<FleetReport> report = ReadNowAsync();
            _latest = (time.GetTimestamp(), report);
            return report;
        }
    }

    /// <summary>Decisions in the last 15 minutes.</summary>
    /// <exception cref="RedisException">Redis did not answer.</exception>
    public async Task<FleetHistory> ReadHistoryAsync()
    {
        long step = (long)UsageWindows.TenSeconds.TotalSeconds;
        long first = SliceRing.IndexOf(time.GetUtcNow(), UsageWindows.TenSeconds) - UsageWindows.HistorySlices + 1;
        IReadOnlyList<IReadOnlyDictionary<string, long>> slices = await store.ReadSlicesAsync(
            Enumerable.Range(0, UsageWindows.HistorySlices).Select(i => keys.TenSeconds(first + i)));
        return new FleetHistory((int)step, DateTimeOffset.FromUnixTimeSeconds(first * step),
            [.. PoliciesOf(slices).Select(policy => new FleetHistory.Policy(
                policy,
                Row(slices, policy, UsageFields.Admitted),
                Row(slices, policy, UsageFields.Denied),
                Row(slices, policy, UsageFields.Shadow),
                Row(slices, policy, UsageFields.Local)))]);
    }

    /// <summary>The clients with the most decisions.</summary>
    /// <param name="policy">Counts only decisions of this policy; null for all.</param>
    /// <param name="denied">By denials, else by admissions.</param>
    /// <param name="hour">In the last hour, else in the last minute.</param>
    /// <param name="count">Number of clients.</param>
    public async Task<IReadOnlyList<FleetTopClient>> ReadTopAsync(string? policy, bool denied, bool hour, int count)
    {
        IReadOnlyList<ReplicaReport> reports = await ReadReportsAsync() ?? OwnReport;
        return FleetTopClients.Merge(
            [.. reports.Select(report => (denied, hour) switch
            {
                (true, true) => report.DeniedHour,
                (true, false) => report.DeniedMinute,
                (false, true) => report.AdmittedHour,
                (false, false) => report.AdmittedMinute,
            })],
            policy,
            count);
    }

    private IReadOnlyList<ReplicaReport> OwnReport => reporter.Latest is { } own ? [own] : [];

    private async Task<IReadOnlyList<ReplicaReport>?> ReadReportsAsync()
    {
        try
        {
            return await store.ReadReportsAsync();
        }
        catch (Exception exception) when (IsOutage(exception))
        {
            return null;
        }
    }

    private async Task<FleetReport> ReadNowAsync()
    {
        DateTimeOffset now = time.GetUtcNow();
        try
        {
            long ten = SliceRing.IndexOf(now, UsageWindows.TenSeconds), five = SliceRing.IndexOf(now, UsageWindows.FiveMinutes);
            Task<IReadOnlyList<ReplicaReport>> reports = store.ReadReportsAsync();
            Task<IReadOnlyList<IReadOnlyDictionary<string, long>>> slices = store.ReadSlicesAsync(
            [
                .. Enumerable.Range(0, UsageWindows.MinuteSlices).Select(i => keys.TenSeconds(ten - i)),
                .. Enumerable.Range(0, UsageWindows.HourSlices).Select(i => keys.FiveMinutes(five - i)),
            ]);
            await Task.WhenAll(reports, slices);
            Dictionary<string, long> minute = Sum((await slices).Take(UsageWindows.MinuteSlices));
            Dictionary<string, long> hour = Sum((await slices).Skip(UsageWindows.MinuteSlices));
            return Report(
                now, await reports, PoliciesOf([hour, minute]),
                policy => (CountsOf(minute, policy), CountsOf(hour, policy)),
                source => minute.GetValueOrDefault(UsageFields.Of(source)), "up");
        }
        catch (Exception exception) when (IsOutage(exception))
        {
            IReadOnlyList<ReplicaReport> own = OwnReport;
            PolicyReport Of(string policy) => own.Count == 0 ? None : own[0].Policies.GetValueOrDefault(policy) ?? None;
            return Report(
                now, own, own.SelectMany(report => report.Policies.Keys),
                policy => (Of(policy).Minute, Of(policy).Hour),
                source => own.Sum(report => report.Sources[(int)source]), "down");
        }
    }

    private FleetReport Report(
        DateTimeOffset now, IReadOnlyList<ReplicaReport> reports, IEnumerable<string> policies,
        Func<string, (UsageCounts Minute, UsageCounts Hour)> countsOf, Func<DecisionSource, long> ofSource, string state) => new(
        now,
        [.. reports.Select(report => new FleetReport.Replica(
            report.Name, report.At, report.StartedAt, report.Circuit, report.Reason, report.RulesVersion))],
        [.. rules.Current.PoliciesByName.Values.Select(policy => policy.Name).Union(policies).Order(StringComparer.Ordinal)
            .Select(policy => PolicyOf(policy, reports, countsOf(policy)))],
        Enum.GetValues<DecisionSource>().ToDictionary(UsageFields.NameOf, ofSource),
        state);

    private static FleetReport.Policy PolicyOf(
        string name, IReadOnlyList<ReplicaReport> reports, (UsageCounts Minute, UsageCounts Hour) counts)
    {
        UsageCounts recent = default;
        long[] latency = new long[LatencyHistogram.Buckets];
        foreach (PolicyReport report in reports.Select(report => report.Policies.GetValueOrDefault(name)).OfType<PolicyReport>())
        {
            recent += report.Recent;
            for (int i = 0; i < Math.Min(latency.Length, report.Latency.Length); i++)
            {
                latency[i] += report.Latency[i];
            }
        }

        return new FleetReport.Policy(
            name, Rate(recent.Admitted), Rate(recent.Denied), Rate(recent.ShadowDenied), Rate(recent.Local),
            latency.Sum() == 0 ? null : new FleetReport.Latency(Quantile(0.5), Quantile(0.95), Quantile(0.99)), counts.Minute, counts.Hour);

        double Quantile(double fraction) => Math.Round(LatencyHistogram.Quantile(latency, fraction), 3);
    }

    private static double Rate(long count) => (double)count / UsageWindows.RateSeconds;

    private static PolicyReport None { get; } = new(default, default, default, []);

    private static Dictionary<string, long> Sum(IEnumerable<IReadOnlyDictionary<string, long>> slices) => slices
        .SelectMany(slice => slice)
        .GroupBy(field => field.Key, field => field.Value)
        .ToDictionary(field => field.Key, field => field.Sum());

    private static UsageCounts CountsOf(Dictionary<string, long> fields, string policy) => new(
        fields.GetValueOrDefault(UsageFields.Of(policy, UsageFields.Admitted)),
        fields.GetValueOrDefault(UsageFields.Of(policy, UsageFields.Denied)),
        fields.GetValueOrDefault(UsageFields.Of(policy, UsageFields.Shadow)),
        fields.GetValueOrDefault(UsageFields.Of(policy, UsageFields.Local)));

    private static IEnumerable<string> PoliciesOf(IEnumerable<IReadOnlyDictionary<string, long>> slices) => slices
        .SelectMany(slice => slice.Keys)
        .Select(UsageFields.PolicyOf)
        .OfType<string>()
        .Distinct()
        .Order(StringComparer.Ordinal);

    private static long[] Row(IReadOnlyList<IReadOnlyDictionary<string, long>> slices, string policy, string kind) =>
        [.. slices.Select(slice => slice.GetValueOrDefault(UsageFields.Of(policy, kind)))];

    private static bool IsOutage(Exception exception) => exception is RedisException or RedisCommandException or TimeoutException;
}
