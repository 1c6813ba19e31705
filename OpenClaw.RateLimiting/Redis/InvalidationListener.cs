using Microsoft.Extensions.Logging;
using OpenClaw.RateLimiting.DenyCaching;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Redis;

/// <summary>Drops cached refusals that a refund, reset or block on any replica has made wrong. The cache is only in use while a message that this replica sends itself
/// comes back: from any failed connection until then, every decision asks Redis.</summary>
internal sealed class InvalidationListener : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan PatienceWithoutRight = TimeSpan.FromSeconds(2);

    private readonly IConnectionMultiplexer _redis;
    private readonly RedisNames _names;
    private readonly DenyCache _cache;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;
    private readonly SemaphoreSlim _lost = new(1);

    // The message that is waited for, and its text: only that very one counts, however late or often others come.
    private volatile TaskCompletionSource? _own;
    private bool _isSubscribed;

    public InvalidationListener(IConnectionMultiplexer redis, RedisNames names, DenyCache cache, ILogger logger)
    {
        _redis = redis;
        _names = names;
        _cache = cache;
        _logger = logger;
        redis.ConnectionFailed += OnConnectionFailed;
        _work = Task.Run(WorkAsync);
    }

    public async ValueTask DisposeAsync()
    {
        _redis.ConnectionFailed -= OnConnectionFailed;
        await _stop.CancelAsync();
        await _work;

        // Only now: the work may just have enabled it.
        _cache.Disable();
        if (_isSubscribed)
        {
            try
            {
                await _redis.GetSubscriber().UnsubscribeAsync(RedisChannel.Literal(_names.Channel), OnMessage, CommandFlags.FireAndForget);
            }
            catch (Exception)
            {
                // The connection is gone, and the subscription with it; or the client has no such command.
            }
        }

        _stop.Dispose();
    }

    private void OnConnectionFailed(object? sender, ConnectionFailedEventArgs e)
    {
        // In this order: whoever is about to enable the cache either sees the release and takes it back, or is overruled.
        _lost.Release();
        _cache.Disable();
    }

    private void OnMessage(RedisChannel channel, RedisValue message)
    {
        string text = message.ToString();
        if (_own is { } own && text == (string)own.Task.AsyncState!)
        {
            own.TrySetResult();
        }
        else if (_names.TryParse(text, out Batching.PartitionKey partition))
        {
            _cache.Drop(partition);
        }
    }

    private async Task WorkAsync()
    {
        string? told = null;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _lost.WaitAsync(_stop.Token);
                while (_lost.Wait(0))
                {
                    // One round for however many failures.
                }

                if (!_isSubscribed)
                {
                    await _redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal(_names.Channel), OnMessage);
                    _isSubscribed = true;
                }

                await HearOwnMessageAsync();
                told = null;
                _cache.Enable();
                if (_lost.CurrentCount > 0)
                {
                    // Lost again meanwhile: the next round enables it.
                    _cache.Disable();
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NotSupportedException or RedisCommandException)
            {
                // The client's own settings: they hold as long as the client does.
                Log.NoMessages(_logger, exception.Message);
                return;
            }
            catch (Exception exception)
            {
                string? right = MissingRight.Find(exception.Message);
                if (right is not null && right != told)
                {
                    told = right;
                    Log.NoSubscription(_logger, right == MissingRight.Channel ? $"{right} {_names.Channel}" : right);
                }

                await Task.Delay(right is null ? Patience : PatienceWithoutRight, _stop.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
                _lost.Release();
            }
        }
    }

    private async Task HearOwnMessageAsync()
    {
        IDatabase database = _redis.GetDatabase();
        Task heard;
        do
        {
            var token = $"?{Guid.NewGuid():N}";
            _own = new TaskCompletionSource(token, TaskCreationOptions.RunContinuationsAsynchronously);
            heard = _own.Task;

            // As a plain command, the way the script publishes: a channel prefix of the client would not apply there either.
            await database.ExecuteAsync("PUBLISH", [_names.Channel, token], CommandFlags.None);
            await heard.WaitAsync(Patience, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Token.ThrowIfCancellationRequested();
        }
        while (!heard.IsCompleted);
    }
}
