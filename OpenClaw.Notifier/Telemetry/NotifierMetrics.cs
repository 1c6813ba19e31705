using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OpenClaw.Notifier.Telemetry;

/// <summary>The notifier's metrics and spans. Tags are the channel, the outcome and the event's type, never the receiver.</summary>
internal sealed class NotifierMetrics
{
    public const string MeterName = "OpenClaw.Notifier";

    private static readonly ActivitySource Source = new(MeterName);

    private readonly Counter<long> _deliveries;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _deadLetters;
    private readonly Counter<long> _events;
    private readonly Histogram<double> _duration;
    private readonly UpDownCounter<long> _active;
    private long _pending;
    private double _lag;

    public NotifierMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _deliveries = meter.CreateCounter<long>(
            "openclaw.notifier.deliveries", "{attempt}", "Attempts to deliver, by channel and outcome: delivered, failed or dead.");
        _retries = meter.CreateCounter<long>("openclaw.notifier.retries", "{attempt}", "Attempts after the first, by channel.");
        _deadLetters = meter.CreateCounter<long>("openclaw.notifier.dead_letters", "{delivery}", "Deliveries given up, by channel.");
        _events = meter.CreateCounter<long>(
            "openclaw.notifier.events", "{event}", "Entries read from the streams, by outcome: read, repeated or unreadable.");
        _duration = meter.CreateHistogram<double>("openclaw.notifier.attempt.duration", "s", "Time of an attempt, by channel and outcome.",
            advice: new() { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });
        _active = meter.CreateUpDownCounter<long>(
            "openclaw.notifier.active_receivers", "{receiver}", "Receivers being served, by channel.");
        meter.CreateObservableGauge("openclaw.notifier.pending", () => Volatile.Read(ref _pending), "{delivery}",
            "Unfinished deliveries of all replicas; an event that was not read yet counts as one.");
        meter.CreateObservableGauge("openclaw.notifier.lag", () => Volatile.Read(ref _lag), "s",
            "Age of the oldest event with an unfinished delivery; 0 when there is none.");

        // Publish 0 first, so that increase() in alerts sees the first event.
        foreach (string channel in Receivers.Channel.All)
        {
            KeyValuePair<string, object?> tag = new("channel", channel);
            _deadLetters.Add(0, tag);
            _retries.Add(0, tag);
            foreach (string outcome in (ReadOnlySpan<string>)[Outcome.Delivered, Outcome.Failed, Outcome.Dead])
            {
                _deliveries.Add(0, tag, new("outcome", outcome));
            }
        }

        CountEvent("unreadable", 0);
    }

    public void CountEvent(string outcome, int count = 1) => _events.Add(count, new KeyValuePair<string, object?>("outcome", outcome));

    public void CountAttempt(string channel, string outcome, int attempt, TimeSpan duration)
    {
        KeyValuePair<string, object?> tag = new("channel", channel);
        _deliveries.Add(1, tag, new("outcome", outcome));
        _duration.Record(duration.TotalSeconds, tag, new("outcome", outcome));
        if (attempt > 1)
        {
            _retries.Add(1, tag);
        }

        if (outcome == Outcome.Dead)
        {
            CountDeadLetter(channel);
        }
    }

    public void CountDeadLetter(string channel) => _deadLetters.Add(1, new KeyValuePair<string, object?>("channel", channel));

    public void AddActive(string channel, int count) => _active.Add(count, new KeyValuePair<string, object?>("channel", channel));

    /// <summary>Sets the values of the gauges.</summary>
    public void Observe(long pending, TimeSpan lag)
    {
        Volatile.Write(ref _pending, pending);
        Volatile.Write(ref _lag, lag.TotalSeconds);
    }

    /// <summary>Starts the span of an attempt; null when it is not recorded.</summary>
    public static Activity? StartDelivery(string channel, string type, int attempt)
    {
        Activity? span = Source.StartActivity($"deliver {channel}", ActivityKind.Producer);
        span?.SetTag("openclaw.channel", channel).SetTag("openclaw.event.type", type).SetTag("openclaw.attempt", attempt);
        return span;
    }

    public static void EndDelivery(Activity? span, string outcome, string? error)
    {
        span?.SetTag("openclaw.outcome", outcome);
        if (error is not null)
        {
            span?.SetStatus(ActivityStatusCode.Error, error);
        }
    }
}
