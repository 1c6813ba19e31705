using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
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
            edge.Services.GetRequiredService<RedisRulesStore>(), Rules(edge), clock, Microsoft.Extensions.Options.Options
                .Create(new EdgeOptions()), NullLogger<RedisRulesWatcher>.Instance))];
        foreach (RedisRulesWatcher watcher in watchers)
        {
            await watcher.StartAsync(CancellationToken.None);
        }

        await Poll.UntilAsync("all are waiting for their next poll", () => clock.Timers == watchers.Count, Patience);
        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(stack.Redis);
        await WriteAsync(
            connection, stack, "1", """{ "Policies": { "rating": { "Buckets": { "burst": { "Capacity": 60, "RefillTokens": 1 } } } } }""");

        clock.Advance(ASecond);

        foreach (TestEdge edge in edges)
        {
            await UntilAsync(edge, "1");
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
            await WriteAsync(
                connection, stack, $"{capacity}",
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
        await WriteAsync(
            connection, stack, "1", """{ "Clients": { "test": { "Tier": "platinum" } } }""");
        await Poll.UntilAsync("it is refused", () => Refusals(stack.Edge).Count > 0, Patience);

        stack.Edge.Settings["OpenClaw:Edge:Deny:Networks:0"] = "127.0.0.77";
        stack.Edge.Settings.Reload();
        Assert.Null(Rules(stack.Edge).DocumentVersion);
        Assert.False(Rules(stack.Edge).Current.Deny.IsEmpty);
        stack.Edge.Settings["OpenClaw:Edge:Tiers:platinum:rating:burst:Capacity"] = "5000";
        stack.Edge.Settings.Reload();

        Assert.Equal("1", Rules(stack.Edge).DocumentVersion);
        Assert.Equal("platinum", Rules(stack.Edge).Current.Clients.FindById("test")?.Tier?.Name);
        Assert.Single(Refusals(stack.Edge));
    }

    [Fact]
    public async Task ClientsTiersAndLists_AddedChangedAndRemoved()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(stack.Redis);
        string hash = Hash("brand-new-key");
        using HttpClient client = stack.Edge.CreateClient("brand-new-key");

        await WriteAsync(connection, stack, "1", $$"""
            {
              "Tiers": { "platinum": { "rating": { "burst": { "Capacity": 5000 } } } },
              "Clients": { "fresh": { "Tier": "platinum", "KeyHashes": ["{{hash}}"] }, "test": null },
              "Deny": { "Networks": ["127.0.0.77"] }
            }
            """);
        await UntilAsync(stack.Edge, "1");

        Assert.StartsWith("\"burst\";q=5000;", (await client.SendAsync()).Header("RateLimit-Policy"));
        Assert.Null(Rules(stack.Edge).Current.Clients.FindById("test"));
        Assert.NotNull(Rules(stack.Edge).Current.Clients.FindById("gold-sample"));
        using HttpClient denied = stack.Edge.CreateClient(from: "127.0.0.77");
        Assert.Equal(HttpStatusCode.Forbidden, await denied.StatusAsync());

        await WriteAsync(connection, stack, "2", "{}");
        await UntilAsync(stack.Edge, "2");

        Assert.NotNull(Rules(stack.Edge).Current.Clients.FindById("test"));
        Assert.Null(Rules(stack.Edge).Current.Clients.FindById("fresh"));
        Assert.Equal(HttpStatusCode.OK, await denied.StatusAsync());
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("{", "not JSON")]
    [InlineData("[]", "must be an object")]
    [InlineData("null", "must be an object")]
    [InlineData("{ \"Policies\": [] }", "must be an object")]
    [InlineData("{ \"Policies\": { \"rating\": null } }", "RateLimiterPolicy is 'rating'")]
    [InlineData("{ \"Policies\": { \"rating\": { \"Buckets\": {} } } }", "buckets")]
    [InlineData(
        "{ \"Policies\": { \"rating\": { \"Buckets\": { \"b\": { \"Capacity\": 1e9, \"RefillTokens\": 1 } } } } }", "a whole number")]
    [InlineData("{ \"Policies\": { \"rating\": { \"Bucket\": {} } } }", "Bucket is not a setting")]
    [InlineData("{ \"Policies\": { \"a\": {}, \"a\": {} } }", "not JSON")]
    [InlineData("{ \"Policies\": { \"a:b\": {} } }", "no colon")]
    [InlineData("{ \"Policies\": { \"x\": {}, \"X\": {} } }", "differ in more than case")]
    [InlineData("{ \"ApiKeys\": { \"Pepper\": \"00000000000000000000000000000000\" } }", "ApiKeys is not a setting")]
    [InlineData("{ \"Admin\": { \"Key\": \"00000000000000000000000000000000\" } }", "Admin is not a setting")]
    [InlineData("{ \"Deny\": { \"Networks\": [null] } }", "Deny:Networks:0 is null")]
    [InlineData("{ \"Deny\": null }", "Deny is null")]
    [InlineData("{ \"AddressPolicy\": null }", "AddressPolicy is null")]
    [InlineData("{ \"AddressPolicy\": {} }", "AddressPolicy is an empty section; it must be a text")]
    [InlineData("{ \"AddressPolicy\": \"\\ud800\" }", "AddressPolicy has a text with half a surrogate pair")]
    [InlineData("{ \"Policies\": { \"\\ud800\": {} } }", "surrogate")]
    [InlineData(
        "{ \"Clients\": { \"x\": { \"KeyHashes\": [\"\\udc00\"] } } }", "Clients:x:KeyHashes:0 has a text with half a surrogate pair")]
    [InlineData("{ \"deny\": {}, \"Deny\": {} }", "differ in more than case")]
    [InlineData("{ \"Policies:rating\": {} }", "no colon")]
    [InlineData("{ \"Polices\\nfail, all is well\": {} }", "Polices fail, all is well is not a setting")]
    [InlineData("{ \"AddressPolicy\": \"a\\r\\nfail: all is well\" }", "AddressPolicy is 'a fail: all is well'")]
    [InlineData("{ \"Deny\": { \"Networks\": \"all\" } }", "Deny:Networks is 'all'; it must be a list")]
    [InlineData("{ \"Clients\": { \"x\": \"y\" } }", "Clients:x is 'y'; it must have settings below it")]
    public async Task MalformedDocument_RefusedLoggedOnceAndLastGoodStays(string document, string expected)
    {
        await using Stack stack = await Stack.StartAsync(redis);
        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(stack.Redis);
        EdgeRules before = Rules(stack.Edge).Current;

        await WriteAsync(connection, stack, "bad", document);
        await Poll.UntilAsync("it is refused", () => Refusals(stack.Edge).Count > 0, Patience);
        using HttpResponseMessage response = await stack.Edge.Client.SendAsync();

        string refusal = Assert.Single(Refusals(stack.Edge));
        Assert.Contains(expected, refusal);
        Assert.DoesNotContain(refusal.Split('\n'), line => line.StartsWith("fail"));
        Assert.Same(before, Rules(stack.Edge).Current);
        Assert.Equal("\"burst\";q=20;w=4", response.Header("RateLimit-Policy"));

        await WriteAsync(connection, stack, "good", "{}");
        await UntilAsync(stack.Edge, "good");
    }

    [Fact]
    public async Task MalformedDocumentBeforeStart_RefusedAndTheConfigurationIsInForce()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(stack.Redis);
        await WriteAsync(connection, stack, "bad", """{ "AddressPolicy": "\ud800" }""");

        TestEdge second = await stack.AddEdgeAsync();
        using HttpResponseMessage response = await second.Client.SendAsync();

        Assert.Single(Refusals(second));
        Assert.Equal("\"burst\";q=20;w=4", response.Header("RateLimit-Policy"));
    }

    [Fact]
    public async Task DeeplyNestedOrHugeDocument_Refused()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        EdgeRulesStore store = Rules(stack.Edge);

        Assert.Contains("not JSON", Assert.Single(store.Check(string.Concat(Enumerable.Repeat("{\"Policies\":", 100)))));
        Assert.Contains("bytes", Assert.Single(store.Check(new string(' ', RulesDocument.MaxBytes + 1))));
    }

    /// <summary>If each error quoted the whole document, a document of a megabyte would cause a hundred gigabytes of errors.</summary>
    [Fact]
    public async Task DocumentMadeForLongErrors_RefusedInTimeAndMemoryInProportionToIt()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        EdgeRulesStore store = Rules(stack.Edge);
        string manyEntries = string.Join(',', Enumerable.Range(0, 20_000).Select(i => $"\"{i}\":{{}}"));
        string[] documents =
        [
            $$"""{ "Policies": { "{{new string('n', 200_000)}}": { {{manyEntries}} } } }""",
            $$"""{ "Policies": { "rating": { "Buckets": { {{manyEntries}} } } }, """
            + $$"""  "Tiers": { "t": { "rating": { {{manyEntries.Replace("\"1", "\"x")}} } } } }""",
            $$"""{ "Tiers": { {{manyEntries}} }, "Clients": { {{manyEntries.Replace("{}", "{\"Tier\":\"x\"}")}} } }""",
        ];

        long start = Stopwatch.GetTimestamp();
        Assert.All(documents, document =>
        {
            Assert.InRange(document.Length, 200_000, RulesDocument.MaxBytes);
            IReadOnlyList<string> errors = store.Check(document);

            Assert.NotEmpty(errors);
            Assert.InRange(errors.Sum(error => (long)error.Length), 1, 10L * RulesDocument.MaxBytes);
        });

        // A quadratic comparison of names would take minutes.
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task KeyDisappears_RulesStayInForce()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(stack.Redis);
        await WriteAsync(
            connection, stack, "1", """{ "Deny": { "Networks": ["127.0.0.78"] } }""");
        await UntilAsync(stack.Edge, "1");

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
        await WriteAsync(
            connection, stack, "1", """{ "Policies": { "rating": { "Buckets": { "burst": { "Capacity": 7, "RefillTokens": 1 } } } } }""");

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

    private static EdgeRulesStore Rules(TestEdge edge) => edge.Services.GetRequiredService<EdgeRulesStore>();

    private static List<string> Refusals(TestEdge edge) =>
        [.. edge.Logs.GetSnapshot().Where(record => record.Id.Id == 101).Select(record => record.Message)];

    private static Task UntilAsync(TestEdge edge, string version) =>
        Poll.UntilAsync($"version {version} is in force", () => Rules(edge).DocumentVersion == version, Patience);

    private static Task WriteAsync(ConnectionMultiplexer connection, Stack stack, string version, string document) =>
        connection.GetDatabase().HashSetAsync(stack.Scope + ":rules", [new("version", version), new("document", document)]);

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
