using Microsoft.Extensions.Logging;
using OpenClaw.RateLimiting.DenyCaching;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Redis;

/// <summary>Drops cached denials that a refund, a reset or a block on any replica has made wrong. The cache is in use only while such
/// messages are known to arrive: after a failed connection, every decision asks Redis until this replica has received a test message from
/// itself.</summary>
internal sealed class InvalidationListener : IAsyncDisposable
{
    private static readonly TimeSpan MessageTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RetryAfterMissingRight = TimeSpan.FromSeconds(2);

    // Test messages that are sent, for five seconds, before their absence is logged and they become rarer.
    private const int FrequentTestMessages = 10;
    private static readonly TimeSpan RareMessageTimeout = TimeSpan.FromSeconds(10);

    private readonly IConnectionMultiplexer _redis;
    private readonly RedisNames _names;
    private readonly DenyCache _cache;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;
    private readonly SemaphoreSlim _connectionLost = new(1);

    // Completed when the test message arrives, whose text is the state of the task. Earlier test messages have another text and are
    // ignored.
    private volatile TaskCompletionSource? _testMessage;
    private bool _isSubscribed;

    public InvalidationListener(IConnectionMultiplexer redis, RedisNames names, DenyCache cache, TimeProvider time, ILogger logger)
    {
        _redis = redis;
        _names = names;
        _cache = cache;
        _time = time;
        _logger = logger;
        redis.ConnectionFailed += OnConnectionFailed;
        _work = Task.Run(WorkAsync);
    }

    public async ValueTask DisposeAsync()
    {
        _redis.ConnectionFailed -= OnConnectionFailed;
        await _stop.CancelAsync();
        await _work;

        // After the work has ended, because it may just have enabled the cache.
        _cache.Disable();
        if (_isSubscribed)
        {
            try
            {
                await _redis.GetSubscriber().UnsubscribeAsync(RedisChannel.Literal(_names.Channel), OnMessage, CommandFlags.FireAndForget);
            }
            catch (Exception)
            {
                // The connection and its subscription are gone, or the client has no such command.
            }
        }

        _stop.Dispose();
    }

    private void OnConnectionFailed(object? sender, ConnectionFailedEventArgs e)
    {
        // The order matters. Work that enables the cache checks the semaphore afterwards: either it sees the release and disables the cache
        // again, or the call below does.
        _connectionLost.Release();
        _cache.Disable();
    }

    private void OnMessage(RedisChannel channel, RedisValue message)
    {
        string text = message.ToString();
        if (_testMessage is { } expected && text == (string)expected.Task.AsyncState!)
        {
            expected.TrySetResult();
        }
        else if (_names.TryParse(text, out Batching.PartitionKey partition))
        {
            _cache.Drop(partition);
        }
    }

    private async Task WorkAsync()
    {
        string? reported = null;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _connectionLost.WaitAsync(_stop.Token);
                while (_connectionLost.Wait(0))
                {
                    // One round serves any number of failures.
                }

                if (!_isSubscribed)
                {
                    await _redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal(_names.Channel), OnMessage);
                    _isSubscribed = true;
                }

                await AwaitTestMessageAsync();
                reported = null;
                _cache.Enable();
                if (_connectionLost.CurrentCount > 0)
                {
                    // The connection was lost meanwhile: the next round enables the cache.
                    _cache.Disable();
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NotSupportedException or RedisCommandException)
            {
                // Caused by settings of the client, which do not change.
                Log.NoMessages(_logger, exception.Message);
                return;
            }
            catch (Exception exception)
            {
                string? right = MissingRight.Find(exception.Message);
                if (right is not null && right != reported)
                {
                    reported = right;
                    Log.NoSubscription(_logger, right == MissingRight.Channel ? $"{right} {_names.Channel}" : right);
                }

                TimeSpan delay = right is null ? MessageTimeout : RetryAfterMissingRight;
                await Task.Delay(delay, _time, _stop.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
                _connectionLost.Release();
            }
        }
    }

    private async Task AwaitTestMessageAsync()
    {
        IDatabase database = _redis.GetDatabase();
        Task received;
        var sent = 0;
        do
        {
            var token = $"?{Guid.NewGuid():N}";
            _testMessage = new TaskCompletionSource(token, TaskCreationOptions.RunContinuationsAsynchronously);
            received = _testMessage.Task;

            // A plain command, as in the script: a channel prefix of the client applies to neither.
            await database.ExecuteAsync("PUBLISH", [_names.Channel, token], CommandFlags.None);
            TimeSpan timeout = ++sent <= FrequentTestMessages ? MessageTimeout : RareMessageTimeout;
            await received.WaitAsync(timeout, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stop.Token.ThrowIfCancellationRequested();
            if (sent == FrequentTestMessages && !received.IsCompleted)
            {
                Log.NoMessageArrives(_logger, _names.Channel);
            }
        }
        while (!received.IsCompleted);
    }
}
