using OpenClaw.Console.Edge;
using OpenClaw.Console.Edge.Model;

namespace OpenClaw.Console.Live;

/// <summary>Follows the edge's usage stream once for all open pages, while there are any. A stream that ends is opened again after
/// half a second, then twice as long each time up to ten seconds.</summary>
internal sealed class UsageFeed(EdgeConnection edge, TimeProvider time, ILogger<UsageFeed> logger) : IDisposable
{
    private static readonly TimeSpan HistoryPeriod = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private Action? _changed;
    private int _subscribers;
    private CancellationTokenSource? _running;

    /// <summary>The last message; null before the first.</summary>
    public Usage? Usage { get; private set; }

    /// <summary>Time at which <see cref="Usage"/> was received.</summary>
    public DateTimeOffset? ReceivedAt { get; private set; }

    /// <summary>The last 15 minutes; null until they were read.</summary>
    public UsageHistory? History { get; private set; }

    /// <summary>Error of the stream; null while it is open.</summary>
    public string? Problem { get; private set; }

    /// <summary>Error of the last history call; null if it succeeded.</summary>
    public string? HistoryProblem { get; private set; }

    /// <summary>Follows the stream until the result is disposed.</summary>
    /// <param name="changed">Called after every change, on any thread.</param>
    public IDisposable Subscribe(Action changed)
    {
        lock (_lock)
        {
            _changed += changed;
            if (_subscribers++ == 0)
            {
                _running = new CancellationTokenSource();
                _ = FollowAsync(_running.Token);
                _ = RefreshHistoryAsync(_running.Token);
            }
        }

        return new Subscription(this, changed);
    }

    public void Dispose() => Stop();

    private async Task FollowAsync(CancellationToken cancellation)
    {
        Backoff backoff = new();
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await foreach (Usage message in edge.StreamAsync<Usage>("usage/stream", cancellation))
                {
                    if (Problem is not null)
                    {
                        Log.StreamBack(logger);
                    }

                    backoff.Reset();
                    (Usage, ReceivedAt, Problem) = (message, time.GetUtcNow(), null);
                    Publish();
                }

                Fail("The edge closed the stream.");
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is EdgeException or OperationCanceledException)
            {
                Fail(exception.Message);
            }

            await backoff.WaitAsync(time, cancellation);
        }
    }

    private async Task RefreshHistoryAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                (History, HistoryProblem) = (await edge.GetAsync<UsageHistory>("usage/history", cancellation), null);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is EdgeException or OperationCanceledException)
            {
                HistoryProblem = exception.Message;
            }

            Publish();
            await Task.Delay(HistoryPeriod, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Fail(string reason)
    {
        if (Problem is null)
        {
            Log.StreamLost(logger, reason);
        }

        Problem = reason;
        Publish();
    }

    private void Publish() => _changed?.Invoke();

    private void Unsubscribe(Action changed)
    {
        lock (_lock)
        {
            _changed -= changed;
            if (--_subscribers == 0)
            {
                Stop();
            }
        }
    }

    private void Stop()
    {
        _running?.Cancel();
        _running?.Dispose();
        _running = null;
    }

    private sealed class Subscription(UsageFeed feed, Action changed) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                feed.Unsubscribe(changed);
            }
        }
    }
}
