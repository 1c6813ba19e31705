using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace OpenClaw.Soak.Tests.InProcess;

/// <summary>Listeners to metrics and spans, and a logger, that throw while this is switched on.</summary>
internal sealed class HostileTelemetry : ILoggerFactory, ILogger, IMeterFactory
{
    private const string SourceName = "OpenClaw.RateLimiting";

    private readonly MeterListener _meters = new();
    private ActivityListener? _activities;
    private volatile bool _isHostile;
    private readonly List<Meter> _created = [];
    private long _thrown;
    private long _failures;

    public HostileTelemetry()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (_created.Contains(instrument.Meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
        {
            if (instrument.Name == "openclaw.ratelimit.store.failures")
            {
                Interlocked.Add(ref _failures, value);
            }

            Throw();
        });
        _meters.SetMeasurementEventCallback<int>((_, _, _, _) => Throw());
        _meters.SetMeasurementEventCallback<double>((_, _, _, _) => Throw());
        _meters.Start();
    }

    /// <summary>Lets listeners and the logger throw.</summary>
    /// <param name="traces">Whether spans have a listener: decisions then take another path.</param>
    public void Begin(bool traces)
    {
        _isHostile = true;
        if (!traces)
        {
            return;
        }

        _activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
            {
                Throw();
                return ActivitySamplingResult.AllDataAndRecorded;
            },
            ActivityStarted = _ => Throw(),
            ActivityStopped = _ => Throw(),
        };
        ActivitySource.AddActivityListener(_activities);
    }

    /// <summary>Switches the exceptions off.</summary>
    public void End()
    {
        _isHostile = false;
        _activities?.Dispose();
        _activities = null;
    }

    /// <summary>Number of exceptions thrown.</summary>
    public long Thrown => Interlocked.Read(ref _thrown);

    /// <summary>Calls to Redis that failed or were late.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    public Meter Create(MeterOptions options)
    {
        Meter meter = new(options);
        _created.Add(meter);
        return meter;
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Throw();

    public void Dispose()
    {
        End();
        _meters.Dispose();
        foreach (Meter meter in _created)
        {
            meter.Dispose();
        }
    }

    // One call in three, so that every part of a decision is reached before and after the others.
    private void Throw()
    {
        if (_isHostile && Random.Shared.Next(3) == 0)
        {
            Interlocked.Increment(ref _thrown);
            throw new InvalidOperationException("A listener throws.");
        }
    }
}
