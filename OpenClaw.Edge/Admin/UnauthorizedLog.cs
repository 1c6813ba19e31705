using System.Net;

namespace OpenClaw.Edge.Admin;

/// <summary>Warns of requests without the admin key: of the first at once, and of those that follow in one line for each interval, so that a scanner cannot fill the log.</summary>
internal sealed class UnauthorizedLog : IDisposable
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private bool _warnedLately;
    private int _unmentioned;
    private IPAddress? _last;

    public UnauthorizedLog(ILogger<AdminAuthentication> logger, TimeProvider time)
    {
        _logger = logger;
        _timer = time.CreateTimer(static log => ((UnauthorizedLog)log!).MentionTheOthers(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A request from there had no valid key.</summary>
    public void Warn(IPAddress? address)
    {
        lock (_lock)
        {
            if (_warnedLately)
            {
                _unmentioned++;
                _last = address;
                return;
            }

            _warnedLately = true;
            _timer.Change(Interval, Timeout.InfiniteTimeSpan);
        }

        Log.Unauthorized(_logger, address);
    }

    /// <summary>Tells of those that are not told of yet.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        MentionTheOthers();
    }

    private void MentionTheOthers()
    {
        int count;
        IPAddress? last;
        lock (_lock)
        {
            (count, last) = (_unmentioned, _last);
            _unmentioned = 0;
            _warnedLately = count > 0;
            if (_warnedLately)
            {
                // Does nothing once disposed of.
                _timer.Change(Interval, Timeout.InfiniteTimeSpan);
            }
        }

        if (count > 0)
        {
            Log.MoreUnauthorized(_logger, count, last);
        }
    }
}
