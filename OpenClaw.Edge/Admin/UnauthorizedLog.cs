using System.Net;

namespace OpenClaw.Edge.Admin;

/// <summary>Logs requests without the admin key: the first at once, further ones as a count, once per <see cref="Interval"/>, so that a
/// scanner cannot fill the log.</summary>
internal sealed class UnauthorizedLog : IDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private bool _isThrottled;
    private int _unmentioned;
    private IPAddress? _last;

    public UnauthorizedLog(ILogger<AdminAuthentication> logger, TimeProvider time)
    {
        _logger = logger;
        _timer = time.CreateTimer(
            static log => ((UnauthorizedLog)log!).LogUnmentioned(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Reports a request without a valid key.</summary>
    public void Warn(IPAddress? address)
    {
        lock (_lock)
        {
            if (_isThrottled)
            {
                _unmentioned++;
                _last = address;
                return;
            }

            _isThrottled = true;
            _timer.Change(Interval, Timeout.InfiniteTimeSpan);
        }

        Log.Unauthorized(_logger, address);
    }

    /// <summary>Logs the count of requests not yet logged.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        LogUnmentioned();
    }

    private void LogUnmentioned()
    {
        int count;
        IPAddress? last;
        lock (_lock)
        {
            (count, last) = (_unmentioned, _last);
            _unmentioned = 0;
            _isThrottled = count > 0;
            if (_isThrottled)
            {
                // Has no effect after disposal.
                _timer.Change(Interval, Timeout.InfiniteTimeSpan);
            }
        }

        if (count > 0)
        {
            Log.MoreUnauthorized(_logger, count, last);
        }
    }
}
