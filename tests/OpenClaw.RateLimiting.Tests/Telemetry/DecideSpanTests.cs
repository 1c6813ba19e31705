using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.RateLimiting.DenyCaching;
using OpenClaw.RateLimiting.Fallback;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Memory;
using OpenClaw.RateLimiting.Telemetry;
using OpenClaw.RateLimiting.Tests.Fallback;
using OpenClaw.RateLimiting.Tests.Redis;
using StackExchange.Redis;
using StackExchange.Redis.Profiling;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Telemetry;

/// <summary>The span that a traced request has for its decision.</summary>
[Collection(ListenerTests.Name)]
public sealed class DecideSpanTests : IDisposable
{
    private static readonly RateLimitPolicy Address = new("address", [new TokenBucket("minute", 10, 1, TimeSpan.FromHours(1))]);
    private static readonly RateLimitPolicy Client = new("client", [new TokenBucket("burst", 1, 1, TimeSpan.FromHours(1))]);

    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly Activity _request = new("request");
    private readonly ActivityListener _listener;
    private readonly SharedRedis _shared;
    private ActivitySamplingResult _sampling = ActivitySamplingResult.AllDataAndRecorded;

    public DecideSpanTests(SharedRedis shared)
    {
        _shared = shared;
        _request.SetIdFormat(ActivityIdFormat.W3C).Start();

        // Only of this test: others decide at the same time.
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == RateLimiterTelemetry.ActivitySourceName,
            Sample =
                (ref ActivityCreationOptions<ActivityContext> options) => options.Parent.TraceId == _request.TraceId
                    ? _sampling
                    : ActivitySamplingResult.None,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _request.Dispose();
    }

    [Fact]
    public async Task Decide_Allowed_TellsPolicyAndSource()
    {
        await InMemory().DecideAsync([new Charge(Address, "10.0.0.1"), new Charge(Client, "secret")]);

        Activity span = Assert.Single(_spans);
        Assert.Equal(("decide", ActivityKind.Internal, _request.SpanId), (span.OperationName, span.Kind, span.ParentSpanId));
        Assert.Equal(
            ["openclaw.ratelimit.policy=client", "openclaw.ratelimit.allowed=True", "openclaw.ratelimit.source=store"],
            span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}"));
        Assert.Same(_request, Activity.Current);
    }

    [Fact]
    public async Task Decide_Refused_NamesTheBucketThatRefusedAndItsPolicy()
    {
        await InMemory().DecideAsync([new Charge(Address, "10.0.0.1"), new Charge(Client, "secret", 2)]);

        Assert.Equal(
            [
                "openclaw.ratelimit.policy=client",
                "openclaw.ratelimit.allowed=False",
                "openclaw.ratelimit.source=store",
                "openclaw.ratelimit.refused_by=burst",
            ],
            Assert.Single(_spans).TagObjects.Select(tag => $"{tag.Key}={tag.Value}"));
    }

    [Fact]
    public async Task Decide_RefusedByTheFirstCharge_NamesThatPolicy()
    {
        await InMemory().DecideAsync([new Charge(Address, "10.0.0.1", 11), new Charge(Client, "secret")]);

        Assert.Equal("address", Assert.Single(_spans).GetTagItem("openclaw.ratelimit.policy"));
        Assert.Equal("minute", Assert.Single(_spans).GetTagItem("openclaw.ratelimit.refused_by"));
    }

    [Fact]
    public async Task Decide_UnderASpanThatIsNotRecorded_HasNoSpan()
    {
        _request.IsAllDataRequested = false;

        await InMemory().DecideAsync([new Charge(Client, "secret")]);

        Assert.Empty(_spans);
    }

    [Fact]
    public async Task WarmUp_Traced_HasNoSpan()
    {
        await new LimiterWarmUp(InMemory(), _time).StartAsync(CancellationToken.None);

        Assert.Empty(_spans);
    }

    [Theory]
    [InlineData(FailureMode.Local, "True", "local")]
    [InlineData(FailureMode.Open, "True", "open")]
    [InlineData(FailureMode.Closed, "False", "closed")]
    public async Task Decide_WithoutRedis_TellsWhoDecided(FailureMode mode, string allowed, string source)
    {
        ScriptedStore redis = new() { Failure = new TimeoutException("late") };
        await using FallbackLayer layer = new(
            redis, new ScriptedSignals(), new RedisRateLimiterOptions(), _time, NullLogger.Instance, metrics: null);
        RateLimiterClient limiter = new(layer.Store, new RedisRateLimiterOptions(), _time);

        await limiter.DecideAsync([new Charge(new RateLimitPolicy("p", Client.Buckets, mode), "secret")]);

        Assert.Equal(
            ["openclaw.ratelimit.policy=p", $"openclaw.ratelimit.allowed={allowed}", $"openclaw.ratelimit.source={source}"],
            Assert.Single(_spans).TagObjects.Select(tag => $"{tag.Key}={tag.Value}"));
    }

    [Fact]
    public async Task Decide_FromTheDenyCache_HasNoSpan()
    {
        DenyCache cache = new(100, _time);
        cache.Enable();
        RateLimiterClient limiter = InMemory(cache);
        await limiter.DecideAsync([new Charge(Client, "secret")]);
        _spans.Clear();

        Assert.Equal(DecisionSource.DenyCache, (await limiter.DecideAsync([new Charge(Client, "secret")])).Source);
        Assert.Empty(_spans);
    }

    [Fact]
    public async Task Decide_InATraceThatIsNotSampled_HasNoTags()
    {
        _sampling = ActivitySamplingResult.PropagationData;

        await InMemory().DecideAsync([new Charge(Client, "secret")]);

        Assert.Empty(Assert.Single(_spans).TagObjects);
    }

    // What Redis instrumentations key on: the activity that is current when the command is made.
    [Fact]
    public async Task Decide_AloneInRedis_SendsItsCommandWithinItsSpan()
    {
        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(
            $"{(await _shared.ServerAsync()).ConnectionString},asyncTimeout=20000");
        ProfilingSession inSpan = new();
        RedisRateLimiterOptions options =
            new() { KeyPrefix = _shared.NewPrefix(), Deadline = TimeSpan.FromSeconds(10), DenyCacheEntries = 0 };
        await using RateLimiterClient limiter = new(
            redis, options, TimeProvider.System, NullLoggerFactory.Instance, new TestMeterFactory());
        redis.RegisterProfiler(
            () => Activity.Current is { OperationName: "decide" } span && span.TraceId == _request.TraceId ? inSpan : null);

        for (var i = 0; i < 3; i++)
        {
            await limiter.DecideAsync([new Charge(Address, "10.0.0.1")]);
        }

        // A waiter continues a moment before its lane is idle; a decision that comes in between joins a call that belongs to no trace.
        Assert.Contains(inSpan.FinishProfiling(), command => command.Command.StartsWith("EVAL", StringComparison.Ordinal));
        Assert.Equal(3, _spans.Count);
    }

    private RateLimiterClient InMemory(DenyCache? cache = null)
        => new(new MemoryDecisionStore(_time), new RedisRateLimiterOptions(), _time, cache);
}
