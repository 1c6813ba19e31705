using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.DenyCaching;
using OpenClaw.RateLimiting.Redis;
using OpenClaw.RateLimiting.Tests.Model;
using OpenClaw.TestServers;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Redis;

/// <summary>Denials may be cached only while this replica receives its own messages.</summary>
public sealed class InvalidationListenerTests(SharedRedis shared) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly DenyCache _cache = new(100, TimeProvider.System);
    private readonly ConcurrentQueue<RedisValue> _published = new();
    private Action<RedisChannel, RedisValue>? _hear;
    private EventHandler<ConnectionFailedEventArgs>? _fail;
    private InvalidationListener? _listener;

    public async ValueTask InitializeAsync()
        => _listener = new InvalidationListener(
            HeldRedis.Over(await shared.ConnectionAsync(), Answer), new RedisNames("t:"), _cache, TimeProvider.System, NullLogger.Instance);

    public ValueTask DisposeAsync() => _listener?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Connected_OwnMessageNotHeard_LeavesTheCacheOffAndSendsAnother()
    {
        await PublishedAsync(2);

        Assert.False(_cache.IsEnabled);
        Assert.Distinct(_published);
    }

    [Fact]
    public async Task Connected_OwnMessageHeard_TurnsTheCacheOn()
    {
        await HearOwnAsync();

        Assert.True(_cache.IsEnabled);
    }

    // As when it comes late, or is delivered twice while the subscription moves to another connection.
    [Fact]
    public async Task Reconnected_OwnMessageOfBeforeHeardAgain_LeavesTheCacheOff()
    {
        RedisValue before = await HearOwnAsync();
        Hear(before);
        int published = _published.Count;

        _fail!(null, null!);
        Assert.False(_cache.IsEnabled);
        await PublishedAsync(published + 1);
        Hear(before);
        await Poll.UntilAsync("it gives up waiting, or the cache is on", () => _published.Count > published + 1 || _cache.IsEnabled, Limit);

        Assert.False(_cache.IsEnabled);
        await HearOwnAsync();
    }

    [Fact]
    public async Task Connected_LostWhileTheOwnMessageIsHeard_LeavesTheCacheOff()
    {
        await PublishedAsync(1);

        Hear(_published.Last());
        _fail!(null, null!);

        // Counted only from now on: a message sent before the connection was lost does not prove that it works again.
        await PublishedAsync(_published.Count + 1);

        Assert.False(_cache.IsEnabled);
    }

    [Fact]
    public async Task Dispose_CacheOn_TurnsItOff()
    {
        await HearOwnAsync();

        await _listener!.DisposeAsync();
        _listener = null;

        Assert.False(_cache.IsEnabled);
    }

    [Fact]
    public async Task Connected_NoMessageHeardForFiveSeconds_IsLoggedOnceAndMessagesBecomeRare()
    {
        FakeTimeProvider time = new();
        FakeLogger logger = new();
        await _listener!.DisposeAsync();
        _published.Clear();
        _listener = new InvalidationListener(
            HeldRedis.Over(await shared.ConnectionAsync(), Answer), new RedisNames("t:"), _cache, time, logger);
        await Poll.UntilAsync("the absence is logged", () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            return logger.Collector.Count > 0;
        }, Limit);
        await PublishedAsync(11);

        for (var i = 0; i < 18; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        Assert.InRange(_published.Count, 11, 12);
        Assert.Contains("t:raised", Assert.Single(logger.Collector.GetSnapshot()).Message, StringComparison.Ordinal);
        await HearOwnAsync();
    }

    // Until it is the one that is waited for: another may be sent meanwhile.
    private async Task<RedisValue> HearOwnAsync()
    {
        await PublishedAsync(1);
        await Poll.UntilAsync("the cache is on", () =>
        {
            Hear(_published.Last());
            return _cache.IsEnabled;
        }, Limit);
        return _published.Last();
    }

    private void Hear(RedisValue message) => _hear!(RedisChannel.Literal("t:raised"), message);

    private Task PublishedAsync(int count) => Poll.UntilAsync($"{count} messages are sent", () => _published.Count >= count, Limit);

    private object? Answer(MethodInfo method, object?[] arguments)
    {
        switch (method.Name)
        {
            case "add_ConnectionFailed":
                _fail += (EventHandler<ConnectionFailedEventArgs>)arguments[0]!;
                return new object();
            case nameof(ISubscriber.SubscribeAsync):
                _hear = (Action<RedisChannel, RedisValue>)arguments[1]!;
                return Task.CompletedTask;
            case nameof(IDatabase.ExecuteAsync):
                _published.Enqueue(RedisValue.Unbox(((ICollection<object>)arguments[1]!).Last()));
                return Task.FromResult(RedisResult.Create(0, ResultType.Integer));
            default:
                return null;
        }
    }
}
