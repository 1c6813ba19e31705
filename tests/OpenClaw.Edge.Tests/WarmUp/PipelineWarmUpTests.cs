using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Testing;
using OpenClaw.Edge.Telemetry;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.Edge.WarmUp;
using OpenClaw.TestServers;
using StackExchange.Redis;

namespace OpenClaw.Edge.Tests.WarmUp;

/// <summary>Tests that the warm-up runs the whole request pipeline and leaves no trace in buckets, metrics and logs.</summary>
public sealed class PipelineWarmUpTests(SharedRedis shared)
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("OpenClaw:Edge:ApiKeys:Unknown", "Reject")]
    [InlineData("OpenClaw:Edge:ApiKeys:Unknown", "Accept")]
    [InlineData("OpenClaw:Edge:Answers:RateLimitHeaders", "Draft06")]
    [InlineData("OpenClaw:Edge:Policies:rating:PartitionBy", "address")]
    [InlineData("OpenClaw:Edge:Policies:rating:Buckets:burst:Capacity", "1")]
    [InlineData("OpenClaw:Edge:AddressPolicy", "")]
    public async Task Start_AnySettings_AnswersEveryRequestOfTheWarmUp(string? key, string? value)
    {
        await using Stack stack = await Stack.StartAsync(shared, key is null ? [] : [(key, value)]);

        await WarmUpAgainAsync(stack.Edge);

        Assert.Empty(Unfinished(stack.Edge));
    }

    [Fact]
    public async Task Start_NoLimitedRoute_AnswersEveryRequestOfTheWarmUp()
    {
        await using Stack stack = await Stack.StartAsync(
            shared, ("ReverseProxy:Routes:rating:RateLimiterPolicy", ""), ("ReverseProxy:Routes:ratings:RateLimiterPolicy", ""));

        await WarmUpAgainAsync(stack.Edge);

        Assert.Empty(Unfinished(stack.Edge));
    }

    [Fact]
    public async Task Start_LoopbackDenied_SaysWhyAndServes()
    {
        await using Stack stack = await Stack.StartAsync(shared, ("OpenClaw:Edge:Deny:Networks:0", "127.0.0.1/32"));

        await WarmUpAgainAsync(stack.Edge);

        Assert.All(Unfinished(stack.Edge), line => Assert.EndsWith("403.", line.Message, StringComparison.Ordinal));
        Assert.NotEmpty(Unfinished(stack.Edge));
        Assert.Equal(HttpStatusCode.OK, await stack.Edge.CreateClient(from: "127.0.0.2").StatusAsync());
    }

    [Fact]
    public async Task Start_Warm_LeavesNothingBehind()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using Stack stack = await Stack.StartAsync(redis.ConnectionString);
        IMeterFactory meters = stack.Edge.Services.GetRequiredService<IMeterFactory>();
        using MetricCollector<long> requests = new(meters, EdgeMetrics.MeterName, "openclaw.edge.requests");
        using MetricCollector<double> upstream = new(null, "System.Net.Http", "http.client.request.duration");

        await WarmUpAgainAsync(stack.Edge);

        Assert.Empty(stack.Upstream.Requests);
        Assert.Empty(requests.GetMeasurementSnapshot());
        Assert.DoesNotContain(upstream.GetMeasurementSnapshot(), measurement => Equals(measurement.Tags["http.request.method"], "POST"));
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        string[] keys = [.. connection.GetServers()[0].Keys(pattern: "*").Select(key => $"{key}")];
        Assert.DoesNotContain(
            keys, key => key.Contains("warm-up", StringComparison.Ordinal) || key.Contains("rating", StringComparison.Ordinal));
    }

    // Once more, when nothing is left to compile: on a busy machine the first may run out of time.
    private static async Task WarmUpAgainAsync(TestEdge edge)
    {
        edge.Logs.Clear();
        await edge.Services.GetServices<IHostedService>().OfType<PipelineWarmUp>().Single().StartAsync(CancellationToken.None);
    }

    private static List<FakeLogRecord> Unfinished(TestEdge edge) => [.. edge.Logs.GetSnapshot().Where(line => line.Id.Id == 900)];
}
