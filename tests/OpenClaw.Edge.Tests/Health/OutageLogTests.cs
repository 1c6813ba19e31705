using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.RateLimiting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Health;

/// <summary>Tests that an outage is logged once when it begins and once when it ends, however often and by
/// whichever component a call is retried.</summary>
public sealed class OutageLogTests(SharedRedis shared)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Redis_AwayForSecondsUnderLoad_IsToldWhenItBeginsAndWhenItEnds()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using Stack stack = await Stack.StartAsync(redis.ConnectionString, ("OpenClaw:Edge:Limiter:Deadline", "00:00:00.200"));
        IRateLimiterHealth health = stack.Edge.Services.GetRequiredService<IRateLimiterHealth>();
        await stack.Edge.Client.StatusAsync();
        int before = stack.Edge.Logs.Count;

        redis.Kill();
        await SendUntilAsync(() => health.Circuit != CircuitState.Closed);
        DateTime end = DateTime.UtcNow.AddSeconds(4);
        await SendUntilAsync(() => DateTime.UtcNow > end);
        await redis.RestartAsync();
        await SendUntilAsync(() => Lines().Any(line => line.Id.Id == 22) && Lines().Any(line => line.Id.Id == 103));

        Assert.Equal([21, 22, 102, 103], Lines().Select(line => line.Id.Id).Order());
        Assert.DoesNotContain(Lines(), line => line.Exception is not null || line.Message.Contains("   at ", StringComparison.Ordinal));

        async Task SendUntilAsync(Func<bool> condition) => await Poll.UntilAsync("the outage takes its course", async () =>
        {
            await stack.Edge.Client.StatusAsync();
            await stack.Edge.Management.StatusAsync("/health");
            return condition();
        }, Patience);

        List<FakeLogRecord> Lines() => [.. stack.Edge.Logs.GetSnapshot().Skip(before)];
    }

    [Fact]
    public async Task Upstream_ProbesFailAndSucceedAgain_IsToldWhenItBeginsAndWhenItEnds()
    {
        RedisServer redis = await shared.GetAsync();
        int port = LoopbackPort.Free();
        await using TestEdge edge = await TestEdge.StartAsync(
            redis.ConnectionString,
            $"http://127.0.0.1:{port}",
            $"probe{port}",
            ("ReverseProxy:Clusters:rating-api:HealthCheck:Active:Interval", "00:00:00.100"));
        await Poll.UntilAsync("the probes fail", () => Lines().Any(line => line.Id.Id == 201), Patience);
        await edge.Client.StatusAsync();
        await Task.Delay(500);

        await using (await AliveAsync(port))
        {
            await Poll.UntilAsync("the probes succeed", () => Lines().Any(line => line.Id.Id == 202), Patience);
        }

        Assert.Equal([201, 202], Lines().Where(line => line.Id.Id is 201 or 202).Take(2).Select(line => line.Id.Id));
        Assert.DoesNotContain(Lines(), line => line.Exception is not null || line.Category!.StartsWith("Yarp.", StringComparison.Ordinal));

        IReadOnlyList<FakeLogRecord> Lines() => edge.Logs.GetSnapshot();
    }

    [Fact]
    public async Task Routes_FaultyAfterAReload_AreToldOnceAndSoIsTheirEnd()
    {
        await using Stack stack = await Stack.StartAsync(shared);
        const string Path = "ReverseProxy:Clusters:rating-api:LoadBalancingPolicy";

        stack.Edge.Settings[Path] = "Fair";
        stack.Edge.Settings.Reload();
        await Poll.UntilAsync("it is told", () => Lines(500).Count > 0, Patience);
        stack.Edge.Settings.Reload();
        stack.Edge.Settings[Path] = "RoundRobin";
        stack.Edge.Settings.Reload();
        await Poll.UntilAsync("the end is told", () => Lines(501).Count > 0, Patience);

        FakeLogRecord refused = Assert.Single(Lines(500));
        Assert.Contains("'Fair'", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(stack.Edge.Logs.GetSnapshot(), line => line.Exception is not null);

        List<FakeLogRecord> Lines(int id) => [.. stack.Edge.Logs.GetSnapshot().Where(line => line.Id.Id == id)];
    }

    private static async Task<IAsyncDisposable> AliveAsync(int port)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        app.MapGet("/ping", () => "yes");
        app.Urls.Add($"http://127.0.0.1:{port}");
        await app.StartAsync();
        return app;
    }
}
