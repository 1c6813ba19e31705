namespace OpenClaw.Edge.Telemetry;

/// <summary>Logs the first event of a kind at once and further ones as a count, once per interval, so that a flood of requests cannot fill
/// the log.</summary>
/// <typeparam name="T">Subject of an event, such as an address.</typeparam>
internal abstract class ThrottledLog<T> : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private readonly TimeSpan _interval;
    private bool _isThrottled;
    private int _unlogged;
    private T? _last;

    protected ThrottledLog(TimeSpan interval, TimeProvider time)
    {
        _interval = interval;
        _timer = time.CreateTimer(
            static log => ((ThrottledLog<T>)log!).LogUnlogged(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Reports an event.</summary>
    public void Warn(T subject)
    {
        lock (_lock)
        {
            if (_isThrottled)
            {
                _unlogged++;
                _last = subject;
                return;
            }

            _isThrottled = true;
            _timer.Change(_interval, Timeout.InfiniteTimeSpan);
        }

        LogFirst(subject);
    }

    /// <summary>Logs the count of events not yet logged.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        LogUnlogged();
    }

    protected abstract void LogFirst(T subject);

    /// <param name="count">Events since the last line.</param>
    /// <param name="last">The subject of the last of them.</param>
    protected abstract void LogFurther(int count, T last);

    private void LogUnlogged()
    {
        int count;
        T? last;
        lock (_lock)
        {
            (count, last) = (_unlogged, _last);
            _unlogged = 0;
            _isThrottled = count > 0;
            if (_isThrottled)
            {
                // Has no effect after disposal.
                _timer.Change(_interval, Timeout.InfiniteTimeSpan);
            }
        }

        if (count > 0)
        {
            LogFurther(count, last!);
        }
    }
}
