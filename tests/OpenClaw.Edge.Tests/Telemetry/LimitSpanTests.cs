using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Rules;
using OpenClaw.Edge.Telemetry;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Telemetry;

/// <summary>The server span of a traced request.</summary>
public sealed class LimitSpanTests : IDisposable
{
    private const string Caller = "00f067aa0ba902b7";

    private readonly SharedRedis _redis;
    private readonly ActivityTraceId _trace = ActivityTraceId.CreateRandom();
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ActivityListener _listener;

    public LimitSpanTests(SharedRedis redis)
    {
        _redis = redis;

        // Only this test's: other edges run at the same time.
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Parent.TraceId == _trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                if (span.TraceId == _trace)
                {
                    _spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Request_AllowedAndRefused_TellsPolicyTierOutcomeBucketAndSource()
    {
        await using Stack stack = await Stack.StartAsync(_redis, Requests.Bucket("rating", "burst", 20));
        stack.Edge.Settings["OpenClaw:Edge:Tiers:silver:rating:burst:Capacity"] = "1";
        stack.Edge.Settings.Reload();

        Assert.Equal(
            "outcome=allowed policy=rating refused_by= source=store tier=silver", await DescribeAsync(stack, "silver-key"));
        Assert.Matches(
            "^outcome=limited policy=rating refused_by=burst source=(store|deny_cache) tier=silver$", await DescribeAsync(
                stack, "silver-key"));
        Assert.Equal(
            "outcome=allowed policy=rating refused_by= source=store tier=", await DescribeAsync(stack, "test-key"));
    }

    [Fact]
    public async Task Request_RefusedByTheAddress_NamesTheAddressPolicy()
    {
        await using Stack stack = await Stack.StartAsync(_redis, Requests.Bucket("address", "address", 1));
        await DescribeAsync(stack, "test-key");

        Assert.Matches(
            "^outcome=limited policy=address refused_by=address source=(store|deny_cache) tier=$", await DescribeAsync(stack, "test-key"));
    }

    [Fact]
    public async Task Request_RefusedWithoutADecision_TellsTheOutcome()
    {
        await using Stack stack = await Stack.StartAsync(
            _redis, ("OpenClaw:Edge:Clients:silver-sample:Enabled", "false"), ("OpenClaw:Edge:ApiKeys:Unknown", "Reject"));

        Assert.Equal("outcome=forbidden policy=rating refused_by= source= tier=silver", await DescribeAsync(stack, "silver-key"));
        Assert.Equal("outcome=unauthorized policy=rating refused_by= source= tier=", await DescribeAsync(stack, "unknown"));
    }

    [Fact]
    public async Task Request_OnTheAllowList_IsExempt()
    {
        await using Stack stack = await Stack.StartAsync(_redis, ("OpenClaw:Edge:Allow:Networks:0", "127.0.0.0/8"));

        Assert.Equal("outcome=exempt policy=rating refused_by= source= tier=", await DescribeAsync(stack, "test-key"));
    }

    [Fact]
    public async Task Describe_NotTraced_AllocatesNothing()
    {
        await using Stack stack = await Stack.StartAsync(_redis);
        LimitSpan span = stack.Edge.Services.GetRequiredService<LimitSpan>();
        EdgePolicy policy = stack.Edge.Rules.Current.PoliciesByName["rating"];
        DefaultHttpContext context = new();
        span.Describe(context, policy, null, Outcomes.Limited, default);

        long before = GC.GetAllocatedBytesForCurrentThread();
        span.Describe(context, policy, null, Outcomes.Limited, default);
        span.Describe(context, policy, null, Outcomes.Allowed, default);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private async Task<string> DescribeAsync(Stack stack, string key)
    {
        _spans.Clear();
        await stack.Edge.Client.StatusAsync("/rating", ("X-API-Key", key), ("traceparent", $"00-{_trace}-{Caller}-01"));
        Activity? span = null;
        // The upstream, in the same process, has a span of the trace too.
        await Poll.UntilAsync(
            "the span has ended",
            () => (span = _spans.FirstOrDefault(ended => ended.ParentSpanId.ToString() == Caller)) is not null,
            TimeSpan.FromSeconds(20));
        string Tag(string name) => $"{name[(name.LastIndexOf('.') + 1)..]}={span!.GetTagItem(name)}";
        return string.Join(
            ' ', new[] { LimitSpan.Outcome, LimitSpan.Policy, LimitSpan.RefusedBy, LimitSpan.Source, LimitSpan.Tier }.Select(Tag));
    }
}
