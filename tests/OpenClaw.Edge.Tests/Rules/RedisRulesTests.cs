using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Rules;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;
using StackExchange.Redis;

namespace OpenClaw.Edge.Tests.Rules;

public sealed class RedisRulesTests(SharedRedis redis)
{
    private static readonly TimeSpan ASecond = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task OneWrite_ReachesEveryReplicaWithinASecond()
    {
        // The clock then stands still, so no later poll can help. The edges' own watchers are off.
        (string, string?)[] notWatching = [("OpenClaw:Edge:RedisRules:Enabled", "false")];
        await using Stack stack = await Stack.StartAsync(redis, notWatching);
        TestEdge[] edges = [stack.Edge, await stack.AddEdgeAsync(notWatching), await stack.AddEdgeAsync(notWatching)];
        TimerClock clock = new();
        List<RedisRulesWatcher> watchers = [.. edges.Select(edge => new RedisRulesWatcher(
            edge.Services.GetRequiredService<RedisRulesStore>(), edge.Rules, clock, Microsoft.Extensions.Options.Options
                .Create(new EdgeOptions()), NullLogger<RedisRulesWatcher>.Instance))];
        foreach (RedisRulesWatcher watcher in watchers)
        {
            await watcher.StartAsync(CancellationToken.None);
        }

        await Poll.UntilAsync("all are waiting for their next poll", () => clock.Timers == watchers.Count, Patience);
        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(stack.Redis);
        await stack.WriteRulesAsync(
            connection, "1", """{ "Policies": { "rating": { "Buckets": { "burst": { "Capacity": 60, "RefillTokens": 1 } } } } }""");

        clock.Advance(ASecond);

        foreach (TestEdge edge in edges)
        {
            await edge.UntilRulesAsync("1");
            using HttpResponseMessage response = await edge.Client.SendAsync();
            Assert.Equal("\"burst\";q=60;w=60", response.Header("RateLimit-Policy"));
        }

        foreach (RedisRulesWatcher watcher in watchers)
        {
            await watcher.StopAsync(CancellationToken.None);
            watcher.Dispose();
        }
    }

    /// <summary>Each write but the first comes right after a poll, which is the longest wait.</summary>
    [Fact]
    public async Task OneWrite_RightAfterAPollAtTheSlowestInterval_InForceOnEveryReplicaWithinASecondOfTheWrite()
    {
        (string, string?)[] slowest = [("OpenClaw:Edge:RedisRules:PollInterval", $"{RedisRulesOptions.SlowestPoll}")];
        await using Stack stack = await Stack.StartAsync(redis, slowest);
        TestEdge[] edges = [stack.Edge, await stack.AddEdgeAsync(slowest), await stack.AddEdgeAsync(slowest)];
        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(stack.Redis);
        List<TimeSpan> took = [];

        for (int capacity = 61; capacity < 66; capacity++)
        {
            long start = Stopwatch.GetTimestamp();
            await stack.WriteRulesAsync(
            connection, $"{capacity}",
                $$"""{ "Policies": { "rating": { "Buckets": { "burst": { "Capacity": {{capacity}}, "RefillTokens": 1 } } } } }""");
            await Task.WhenAll(edges.Select(edge => Poll.UntilAsync("requests are decided by it", async () =>
            {
                using HttpResponseMessage response = await edge.Client.SendAsync();
                return response.Header("RateLimit-Policy") == $"\"burst\";q={capacity};w={capacity}";
            }, Patience)));
            took.Add(Stopwatch.GetElapsedTime(start));
        }

        Assert.All(took, time => Assert.InRange(time, TimeSpan.Zero, ASecond));
    }

    [Fact]
    public async Task DocumentThatTheNextConfigurationMakesValid_InForceWithIt()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(stack.Redis);
        await stack.WriteRulesAsync(
            connection, "1", """{ "Clients": { "test": { "Tier": "platinum" } } }""");
        await Poll.UntilAsync("it is refused", () => stack.Edge.Refusals.Count > 0, Patience);

        stack.Edge.Settings["OpenClaw:Edge:Deny:Networks:0"] = "127.0.0.77";
        stack.Edge.Settings.Reload();
        Assert.Null(stack.Edge.Rules.DocumentVersion);
        Assert.False(stack.Edge.Rules.Current.Deny.IsEmpty);
        stack.Edge.Settings["OpenClaw:Edge:Tiers:platinum:rating:burst:Capacity"] = "5000";
        stack.Edge.Settings.Reload();

        Assert.Equal("1", stack.Edge.Rules.DocumentVersion);
        Assert.Equal("platinum", stack.Edge.Rules.Current.Clients.FindById("test")?.Tier?.Name);
        Assert.Single(stack.Edge.Refusals);
    }

    [Fact]
    public async Task ClientsTiersAndLists_AddedChangedAndRemoved()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(stack.Redis);
        string hash = Hash("brand-new-key");
        using HttpClient client = stack.Edge.CreateClient("brand-new-key");

        await stack.WriteRulesAsync(connection, "1", $$"""
            {
              "Tiers": { "platinum": { "rating": { "burst": { "Capacity": 5000 } } } },
              "Clients": { "fresh": { "Tier": "platinum", "KeyHashes": ["{{hash}}"] }, "test": null },
              "Deny": { "Networks": ["127.0.0.77"] }
            }
            """);
        await stack.Edge.UntilRulesAsync("1");

        Assert.StartsWith("\"burst\";q=5000;", (await client.SendAsync()).Header("RateLimit-Policy"));
        Assert.Null(stack.Edge.Rules.Current.Clients.FindById("test"));
        Assert.NotNull(stack.Edge.Rules.Current.Clients.FindById("gold-sample"));
        using HttpClient denied = stack.Edge.CreateClient(from: "127.0.0.77");
        Assert.Equal(HttpStatusCode.Forbidden, await denied.StatusAsync());

        await stack.WriteRulesAsync(connection, "2", "{}");
        await stack.Edge.UntilRulesAsync("2");

        Assert.NotNull(stack.Edge.Rules.Current.Clients.FindById("test"));
        Assert.Null(stack.Edge.Rules.Current.Clients.FindById("fresh"));
        Assert.Equal(HttpStatusCode.OK, await denied.StatusAsync());
    }

    [Fact]
    public async Task KeyDisappears_RulesStayInForce()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(stack.Redis);
        await stack.WriteRulesAsync(
            connection, "1", """{ "Deny": { "Networks": ["127.0.0.78"] } }""");
        await stack.Edge.UntilRulesAsync("1");

        await connection.GetDatabase().KeyDeleteAsync(stack.Scope + ":rules");
        await stack.Edge.Services.GetRequiredService<RedisRulesWatcher>().PollAsync(CancellationToken.None);

        using HttpClient denied = stack.Edge.CreateClient(from: "127.0.0.78");
        Assert.Equal(HttpStatusCode.Forbidden, await denied.StatusAsync());
    }

    [Fact]
    public async Task DocumentBeforeStart_InForceFromTheFirstRequest()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(stack.Redis);
        await stack.WriteRulesAsync(
            connection, "1", """{ "Policies": { "rating": { "Buckets": { "burst": { "Capacity": 7, "RefillTokens": 1 } } } } }""");

        TestEdge second = await stack.AddEdgeAsync();
        using HttpResponseMessage response = await second.Client.SendAsync();

        Assert.Equal("\"burst\";q=7;w=7", response.Header("RateLimit-Policy"));
    }

    private static string Hash(string key)
    {
        byte[] hash = new byte[32];
        new Edge.Identity.KeyHasher(TestEdge.Pepper).Hash(key, hash);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>A clock that counts its waiting timers.</summary>
    private sealed class TimerClock : FakeTimeProvider
    {
        private int _timers;

        public int Timers => Volatile.Read(ref _timers);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ITimer timer = base.CreateTimer(callback, state, dueTime, period);
            Interlocked.Increment(ref _timers);
            return timer;
        }
    }
}
