using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Redis;

namespace OpenClaw.Edge.Usage;

/// <summary>Once a second, collects recorded usage and writes it through <see cref="RedisUsageStore"/>. Nothing waits for it: while
/// a report is under way the next one is skipped, and its counts are added to a later one.</summary>
internal sealed class UsageReporter(
    UsageRecorder recorder, UsageAggregator aggregator, RedisUsageStore store, ControlPlaneKeys keys, IEnumerable<IUsageObserver> observers,
    TimeProvider time, IOptions<EdgeOptions> options, ILogger<UsageReporter> logger)
    : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly int _trackedClients = options.Value.Usage.TrackedClients;
    private readonly IUsageObserver[] _observers = [.. observers];
    private readonly UsageHistory _history = new(keys);
    private readonly ControlPlaneHealth _health = store.CreateHealth(logger);
    private Task _writing = Task.CompletedTask;
    private volatile ReplicaReport? _latest;

    /// <summary>This replica's last report; null before the first.</summary>
    public ReplicaReport? Latest => _latest;

    /// <summary>Collects and reports now. Not safe for concurrent use.</summary>
    /// <returns>The report to Redis that is under way. It does not fail.</returns>
    public Task ReportAsync()
    {
        DateTimeOffset now = time.GetUtcNow();
        UsageSlice second = new(_trackedClients);
        foreach (UsageFrame frame in recorder.Drain())
        {
            second.Add(frame);
        }

        aggregator.Add(now, second);
        _history.Add(now, second);
        ReplicaReport report = aggregator.Report(now);
        _latest = report;
        foreach (IUsageObserver observer in _observers)
        {
            observer.SecondPassed(now, second);
        }

        if (_writing.IsCompleted)
        {
            _writing = WriteAsync(report);
        }

        return _writing;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!recorder.IsEnabled)
        {
            return;
        }

        using PeriodicTimer timer = new(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Tick();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await LeaveAsync();
        }
    }

    private void Tick()
    {
        try
        {
            _ = ReportAsync();
        }
        catch (Exception exception)
        {
            // A failure must not stop later reports.
            Log.ReportFailed(logger, exception);
        }
    }

    private async Task WriteAsync(ReplicaReport report)
    {
        UsageIncrements increments = _history.Next();
        try
        {
            await store.WriteAsync(report, increments);
            _history.Confirm();
            _health.Succeeded();
        }
        catch (Exception exception)
        {
            await _health.FailedAsync(exception);
        }
    }

    // Adds the remaining counts to the history and removes the replica from the list.
    private async Task LeaveAsync()
    {
        try
        {
            await _writing.WaitAsync(Interval);
            await ReportAsync().WaitAsync(Interval);
            await store.LeaveAsync().WaitAsync(Interval);
        }
        catch (Exception)
        {
            // The report expires.
        }
    }
}
