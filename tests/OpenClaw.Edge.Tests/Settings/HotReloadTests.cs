using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;
using StackExchange.Redis;

namespace OpenClaw.Edge.Tests.Settings;

public sealed class HotReloadTests(SharedRedis redis)
{
    private static readonly TimeSpan ASecond = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Configuration_PolicyChanged_NewNumbersAndBalanceInProportion()
    {
        await using Stack stack = await Stack.StartAsync(redis, Requests.Bucket("rating", "burst", 10));
        using HttpClient client = stack.Edge.CreateClient("test-key");
        await Requests.CountAllowedAsync(5, _ => client.StatusAsync());

        stack.Edge.Settings["OpenClaw:Edge:Policies:rating:Buckets:burst:Capacity"] = "100";
        stack.Edge.Settings.Reload();
        using HttpResponseMessage response = await client.SendAsync();

        Assert.StartsWith("\"burst\";q=100;", response.Header("RateLimit-Policy"));
        Assert.StartsWith("\"burst\";r=49;", response.Header("RateLimit"));
    }

    [Fact]
    public async Task Configuration_ReadAgain_TierWithThePolicysOwnNumbersKeepsItsBucket()
    {
        await using Stack stack = await Stack.StartAsync(redis,
        [
            .. Requests.Bucket("address", "address", 3), ("OpenClaw:Edge:Tiers:gold:address:address:Capacity", "3"),
            ("OpenClaw:Edge:Tiers:gold:address:address:RefillTokens", "1"), ("OpenClaw:Edge:Tiers:gold:address:address:RefillPeriod", "01:00:00"),
        ]);
        using HttpClient gold = stack.Edge.CreateClient("gold-key");
        Assert.Equal(2, await Requests.CountAllowedAsync(2, _ => gold.StatusAsync()));

        stack.Edge.Settings.Reload();

        Assert.Equal(1, await Requests.CountAllowedAsync(4, _ => gold.StatusAsync()));
        Assert.Equal(3, await Requests.CountAllowedAsync(4, _ => stack.Edge.Client.StatusAsync()));
    }

    [Fact]
    public async Task Configuration_AddressBucketRenamed_RefusalsSayTheNewName()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. Requests.Bucket("place", "old", 1), ("OpenClaw:Edge:Policies:place:PartitionBy", "address"), ("OpenClaw:Edge:AddressPolicy", "place")]);
        await stack.Edge.Client.StatusAsync();
        Assert.Equal(["old"], await ViolatedAsync());

        stack.Edge.Settings.Remove("OpenClaw:Edge:Policies:place:Buckets:old");
        foreach ((string key, string? value) in Requests.Bucket("place", "new", 1))
        {
            stack.Edge.Settings[key] = value;
        }

        stack.Edge.Settings.Reload();
        Assert.Equal(HttpStatusCode.OK, await stack.Edge.Client.StatusAsync());

        Assert.Equal(["new"], await ViolatedAsync());

        async Task<string?[]> ViolatedAsync()
        {
            using HttpResponseMessage refused = await stack.Edge.Client.SendAsync();
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            return [.. JsonElement.Parse(await refused.Content.ReadAsStringAsync()).GetProperty("violated-policies").EnumerateArray().Select(name => name.GetString())];
        }
    }

    [Fact]
    public async Task Configuration_ReadAgainUnchanged_LimitsAreKeptAndTextsAreNot()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        PolicyVariant before = Rules(stack.Edge).Current.PoliciesByName["rating"].Variant;

        stack.Edge.Settings.Reload();
        PolicyVariant after = Rules(stack.Edge).Current.PoliciesByName["rating"].Variant;

        // The limiter has caches by the one; the other would keep every address policy that there ever was.
        Assert.Same(before.Limits, after.Limits);
        Assert.NotSame(before.Texts, after.Texts);
    }

    [Fact]
    public async Task Configuration_InvalidChange_RefusedWholeAndLoggedAndLastGoodStays()
    {
        await using Stack stack = await Stack.StartAsync(redis, Requests.Bucket("rating", "burst", 10));
        EdgeRules before = Rules(stack.Edge).Current;

        stack.Edge.Settings["OpenClaw:Edge:Policies:rating:Buckets:burst:Capacity"] = "100";
        stack.Edge.Settings["OpenClaw:Edge:Clients:test:Tier"] = "platinum";
        stack.Edge.Settings["OpenClaw:Edge:Polices:x"] = "1";
        stack.Edge.Settings.Reload();

        Assert.Same(before, Rules(stack.Edge).Current);
        string message = Assert.Single(stack.Edge.Logs.GetSnapshot(), record => record.Level == LogLevel.Error && record.Id.Id == 101).Message;
        Assert.Contains("Clients:test:Tier is 'platinum'", message);
        Assert.Contains("Polices is not a setting", message);
    }

    [Fact]
    public async Task Configuration_ValueBecomesNull_RefusedAndLoggedAndLastGoodStays()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        EdgeRules before = Rules(stack.Edge).Current;

        stack.Edge.Settings["OpenClaw:Edge:AddressPolicy"] = null;
        stack.Edge.Settings["OpenClaw:Edge:Clients:test:Tier"] = null;
        stack.Edge.Settings.Reload();

        string refusal = Assert.Single(Refusals(stack.Edge));
        Assert.Contains("OpenClaw:Edge:AddressPolicy is null; it must be a text.", refusal);
        Assert.Contains("OpenClaw:Edge:Clients:test:Tier is null; it must be a text.", refusal);
        Assert.Same(before, Rules(stack.Edge).Current);
    }

    [Fact]
    public async Task Configuration_PolicyAndRouteInOneChange_BothInForce()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        foreach ((string key, string? value) in Requests.Bucket("fresh", "only", 2))
        {
            stack.Edge.Settings[key] = value;
        }

        stack.Edge.Settings["ReverseProxy:Routes:rating:RateLimiterPolicy"] = "fresh";
        stack.Edge.Settings.Reload();

        await Poll.UntilAsync("the route has the new policy", async () =>
        {
            using HttpResponseMessage response = await stack.Edge.Client.SendAsync();
            return response.Header("RateLimit-Policy") == "\"only\";q=2;w=7200";
        }, Patience);
    }

    [Fact]
    public async Task Configuration_RouteNamesUnknownPolicy_RefusedAndOldRouteStaysLimited()
    {
        await using Stack stack = await Stack.StartAsync(redis);

        stack.Edge.Settings["ReverseProxy:Routes:rating:RateLimiterPolicy"] = "ratng";
        stack.Edge.Settings.Reload();

        await Poll.UntilAsync("YARP refuses", () => stack.Edge.Logs.GetSnapshot().Any(record =>
            record.Level == LogLevel.Error && record.Exception?.ToString().Contains("is 'ratng'; the policies are: address, rating.") == true), Patience);
        using HttpResponseMessage response = await stack.Edge.Client.SendAsync();
        Assert.Equal("\"burst\";q=20;w=4", response.Header("RateLimit-Policy"));
    }

    [Fact]
    public async Task Redis_OneWrite_ReachesEveryReplicaWithinASecond()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        TestEdge second = await stack.AddEdgeAsync();
        TestEdge third = await stack.AddEdgeAsync();
        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(stack.Redis);

        await WriteAsync(connection, stack, "1", """{ "Policies": { "rating": { "Buckets": { "burst": { "Capacity": 60, "RefillTokens": 1 } } } } }""");
        TimeSpan elapsed = await Poll.UntilAsync("all replicas have it", async () =>
        {
            foreach (TestEdge edge in (TestEdge[])[stack.Edge, second, third])
            {
                using HttpResponseMessage response = await edge.Client.SendAsync();
                if (response.Header("RateLimit-Policy") != "\"burst\";q=60;w=60")
                {
                    return false;
                }
            }

            return true;
        }, Patience);

        // The poll interval is 200 ms here; the rest is patience with a busy machine.
        Assert.True(elapsed < ASecond * 3, $"{elapsed}");
    }

    [Fact]
    public async Task Redis_ClientsTiersAndLists_AddedChangedAndRemoved()
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
    [InlineData("{ \"Policies\": { \"rating\": { \"Buckets\": { \"b\": { \"Capacity\": 1e9, \"RefillTokens\": 1 } } } } }", "a whole number")]
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
    [InlineData("{ \"Clients\": { \"x\": { \"KeyHashes\": [\"\\udc00\"] } } }", "Clients:x:KeyHashes:0 has a text with half a surrogate pair")]
    [InlineData("{ \"deny\": {}, \"Deny\": {} }", "differ in more than case")]
    [InlineData("{ \"Policies:rating\": {} }", "no colon")]
    [InlineData("{ \"Deny\": { \"Networks\": \"all\" } }", "must have settings below it")]
    public async Task Redis_MalformedDocument_RefusedLoggedOnceAndLastGoodStays(string document, string expected)
    {
        await using Stack stack = await Stack.StartAsync(redis);
        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(stack.Redis);
        EdgeRules before = Rules(stack.Edge).Current;

        await WriteAsync(connection, stack, "bad", document);
        await Poll.UntilAsync("it is refused", () => Refusals(stack.Edge).Count > 0, Patience);
        using HttpResponseMessage response = await stack.Edge.Client.SendAsync();

        Assert.Contains(expected, Assert.Single(Refusals(stack.Edge)));
        Assert.Same(before, Rules(stack.Edge).Current);
        Assert.Equal("\"burst\";q=20;w=4", response.Header("RateLimit-Policy"));

        await WriteAsync(connection, stack, "good", "{}");
        await UntilAsync(stack.Edge, "good");
    }

    [Fact]
    public async Task Redis_MalformedDocumentBeforeStart_RefusedAndTheConfigurationIsInForce()
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
    public async Task Redis_DeeplyNestedOrHugeDocument_Refused()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        EdgeRulesStore store = Rules(stack.Edge);

        Assert.Contains("not JSON", Assert.Single(store.Check(string.Concat(Enumerable.Repeat("{\"Policies\":", 100)))));
        Assert.Contains("characters", Assert.Single(store.Check(new string(' ', RulesDocument.MaxLength + 1))));
    }

    [Fact]
    public async Task Redis_KeyDisappears_RulesStayInForce()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(stack.Redis);
        await WriteAsync(connection, stack, "1", """{ "Deny": { "Networks": ["127.0.0.78"] } }""");
        await UntilAsync(stack.Edge, "1");

        await connection.GetDatabase().KeyDeleteAsync(stack.Scope + ":rules");
        await Task.Delay(500); // two polls and a half

        using HttpClient denied = stack.Edge.CreateClient(from: "127.0.0.78");
        Assert.Equal(HttpStatusCode.Forbidden, await denied.StatusAsync());
    }

    [Fact]
    public async Task Redis_DocumentBeforeStart_InForceFromTheFirstRequest()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(stack.Redis);
        await WriteAsync(connection, stack, "1", """{ "Policies": { "rating": { "Buckets": { "burst": { "Capacity": 7, "RefillTokens": 1 } } } } }""");

        TestEdge second = await stack.AddEdgeAsync();
        using HttpResponseMessage response = await second.Client.SendAsync();

        Assert.Equal("\"burst\";q=7;w=7", response.Header("RateLimit-Policy"));
    }

    [Fact]
    public async Task Reload_UnderLoad_LosesNoRequestAndNoBalance()
    {
        await using Stack stack = await Stack.StartAsync(redis, Requests.Bucket("rating", "burst", 50));
        using HttpClient client = stack.Edge.CreateClient("test-key");
        using CancellationTokenSource stop = new();
        int allowed = 0;
        int others = 0;

        Task load = Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                HttpStatusCode status = await client.StatusAsync();
                Interlocked.Add(ref allowed, status == HttpStatusCode.OK ? 1 : 0);
                Interlocked.Add(ref others, status is HttpStatusCode.OK or HttpStatusCode.TooManyRequests ? 0 : 1);
            }
        }));
        for (int i = 0; i < 30; i++)
        {
            stack.Edge.Settings["OpenClaw:Edge:Deny:Networks:0"] = $"198.51.100.{i}";
            stack.Edge.Settings.Reload();
            await Task.Delay(20);
        }

        await stop.CancelAsync();
        await load;

        Assert.Equal(0, others);
        Assert.Equal(50, allowed);
    }

    private static string Hash(string key)
    {
        byte[] hash = new byte[32];
        new Edge.Identity.KeyHasher(TestEdge.Pepper).Hash(key, hash);
        return Convert.ToHexStringLower(hash);
    }

    private static EdgeRulesStore Rules(TestEdge edge) => edge.Services.GetRequiredService<EdgeRulesStore>();

    private static List<string> Refusals(TestEdge edge) => [.. edge.Logs.GetSnapshot().Where(record => record.Id.Id == 101).Select(record => record.Message)];

    private static Task UntilAsync(TestEdge edge, string version) =>
        Poll.UntilAsync($"version {version} is in force", () => Rules(edge).DocumentVersion == version, Patience);

    private static Task WriteAsync(ConnectionMultiplexer connection, Stack stack, string version, string document) =>
        connection.GetDatabase().HashSetAsync(stack.Scope + ":rules", [new("version", version), new("document", document)]);
}
