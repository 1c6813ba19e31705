using System.Net;
using System.Text.RegularExpressions;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Limiting;

public sealed class LimitTests(SharedRedis redis)
{
    [Fact]
    public async Task Rating_BurstOfDefaultPolicy_TwentyPassThenRefused()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        using HttpClient client = stack.Edge.CreateClient("test-key");

        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => client.SendAsync()));

        int allowed = answers.Count(answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.InRange(allowed, 20, 20 + 10); // what 2 s would refill, on a slow machine
        Assert.All(answers.Where(answer => answer.StatusCode != HttpStatusCode.OK), answer => Assert
            .Equal(HttpStatusCode.TooManyRequests, answer.StatusCode));
    }

    [Fact]
    public async Task Rating_TwoEdges_ShareOneBucket()
    {
        (string, string?)[] settings = Requests.Bucket("rating", "burst", 10);
        await using Stack stack = await Stack.StartAsync(redis, settings);
        TestEdge second = await stack.AddEdgeAsync(settings);
        HttpClient[] clients = [stack.Edge.CreateClient("test-key"), second.CreateClient("test-key")];

        int allowed = await Requests.CountAllowedAsync(16, i => clients[i % 2].StatusAsync());

        Assert.Equal(10, allowed);
    }

    [Fact]
    public async Task Rating_TwoRoutesOfOnePolicy_ShareOneBucket()
    {
        await using Stack stack = await Stack.StartAsync(redis, Requests.Bucket("rating", "burst", 3));
        using HttpClient client = stack.Edge.CreateClient("test-key");

        int allowed = await Requests.CountAllowedAsync(6, i => client.StatusAsync(i % 2 == 0 ? "/rating" : "/ratings/some/thing"));

        Assert.Equal(3, allowed);
    }

    [Fact]
    public async Task Rating_TwoClients_DoNotAffectEachOther()
    {
        await using Stack stack = await Stack.StartAsync(redis, Requests.Bucket("rating", "burst", 2));
        using HttpClient test = stack.Edge.CreateClient("test-key");
        using HttpClient silver = stack.Edge.CreateClient("silver-key");

        Assert.Equal(2, await Requests.CountAllowedAsync(4, _ => test.StatusAsync()));
        Assert.Equal(HttpStatusCode.OK, await silver.StatusAsync());
        Assert.Equal(HttpStatusCode.OK, await stack.Edge.Client.StatusAsync());
    }

    [Fact]
    public async Task Rating_ClientWithTier_GetsTheTiersNumbers()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        using HttpClient gold = stack.Edge.CreateClient("gold-key");
        using HttpClient silver = stack.Edge.CreateClient("silver-key");
        using HttpClient untiered = stack.Edge.CreateClient("test-key");

        Assert.Equal("\"burst\";q=200;w=2", (await gold.SendAsync()).Header("RateLimit-Policy"));
        Assert.Equal("\"burst\";q=50;w=3", (await silver.SendAsync()).Header("RateLimit-Policy"));
        Assert.Equal("\"burst\";q=20;w=4", (await untiered.SendAsync()).Header("RateLimit-Policy"));
    }

    [Fact]
    public async Task Rating_SeveralBuckets_ChargedAllOrNone()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. Requests.Bucket("rating", "burst", 5), .. Requests.Bucket("rating", "daily", 3)]);
        using HttpClient client = stack.Edge.CreateClient("test-key");
        Assert.Equal(3, await Requests.CountAllowedAsync(5, _ => client.StatusAsync()));

        using HttpResponseMessage refused = await client.SendAsync();

        Assert.Equal("\"burst\";q=5;w=18000, \"daily\";q=3;w=10800", refused.Header("RateLimit-Policy"));
        Assert.Matches("^\"burst\";r=2;t=\\d+, \"daily\";r=0;t=\\d+$", refused.Header("RateLimit"));
    }

    [Fact]
    public async Task Rating_ShadowBucket_CountsButNeverRefusesAndIsNotShown()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. Requests.Bucket("rating", "trial", 1), ("OpenClaw:Edge:Policies:rating:Buckets:trial:Shadow", "true")]);
        using MetricCounter refusals = new(stack.Edge.Services, "openclaw.edge.shadow_refusals");
        using HttpClient client = stack.Edge.CreateClient("test-key");

        Assert.Equal(4, await Requests.CountAllowedAsync(4, _ => client.StatusAsync()));
        using HttpResponseMessage response = await client.SendAsync();

        Assert.Equal("\"burst\";q=20;w=4", response.Header("RateLimit-Policy"));
        Assert.DoesNotContain("trial", response.Header("RateLimit"));
        Assert.Equal(4, refusals.Sum("policy=rating"));
    }

    [Fact]
    public async Task Rating_ShadowPolicy_NeverRefusesAndSaysNothing()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. Requests.Bucket("rating", "burst", 1), ("OpenClaw:Edge:Policies:rating:Shadow", "true")]);

        Assert.Equal(4, await Requests.CountAllowedAsync(4, _ => stack.Edge.Client.StatusAsync()));
        using HttpResponseMessage response = await stack.Edge.Client.SendAsync();

        Assert.Null(response.Header("RateLimit"));
        Assert.Null(response.Header("RateLimit-Policy"));
    }

    [Theory]
    [InlineData("global", 2, 0)]
    [InlineData("route", 2, 2)]
    [InlineData("address", 2, 0)]
    public async Task Rating_PartitionBy_DecidesWhoSharesABucket(string partitionBy, int firstRoute, int secondRoute)
    {
        await using Stack stack = await Stack.StartAsync(redis,
        [
            .. Requests.Bucket("shared", "all", 2),
            ("OpenClaw:Edge:Policies:shared:PartitionBy", partitionBy),
            ("ReverseProxy:Routes:rating:RateLimiterPolicy", "shared"),
            ("ReverseProxy:Routes:ratings:RateLimiterPolicy", "shared"),
        ]);
        using HttpClient first = stack.Edge.CreateClient("test-key");

        Assert.Equal(firstRoute, await Requests.CountAllowedAsync(4, _ => first.StatusAsync()));
        Assert.Equal(secondRoute, await Requests.CountAllowedAsync(4, _ => stack.Edge.Client.StatusAsync("/ratings/x")));
    }

    [Fact]
    public async Task Rating_PartitionByHeader_OneBucketPerValueAndAddressWithout()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. Requests.Bucket("tenant", "burst", 2), ("OpenClaw:Edge:Policies:tenant:PartitionBy", "header:X-Tenant"),
                ("ReverseProxy:Routes:rating:RateLimiterPolicy", "tenant")]);
        HttpClient client = stack.Edge.Client;

        Assert.Equal(2, await Requests.CountAllowedAsync(3, _ => client.StatusAsync("/rating", ("X-Tenant", "one"))));
        Assert.Equal(2, await Requests.CountAllowedAsync(3, _ => client.StatusAsync("/rating", ("X-Tenant", "two"))));
        Assert.Equal(2, await Requests.CountAllowedAsync(3, _ => client.StatusAsync()));
    }

    [Fact]
    public async Task Rating_CostByMethodAndRoute_TakesThatManyTokens()
    {
        await using Stack stack = await Stack.StartAsync(redis,
        [
            .. Requests.Bucket("rating", "burst", 10),
            ("OpenClaw:Edge:Policies:rating:Cost:Methods:POST", "4"),
            ("OpenClaw:Edge:Policies:rating:Cost:Routes:ratings", "0"),
        ]);
        using HttpClient client = stack.Edge.CreateClient("test-key");

        using HttpResponseMessage post = await client.SendAsync(HttpMethod.Post, "/rating");
        using HttpResponseMessage get = await client.SendAsync(HttpMethod.Get, "/rating");
        using HttpResponseMessage free = await client.SendAsync(HttpMethod.Post, "/ratings/x");

        Assert.StartsWith("\"burst\";r=6;", post.Header("RateLimit"));
        Assert.StartsWith("\"burst\";r=5;", get.Header("RateLimit"));
        Assert.StartsWith("\"burst\";r=5;", free.Header("RateLimit"));
    }

    [Fact]
    public async Task Rating_CostAboveCapacity_RefusedWithoutRetryAfter()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. Requests.Bucket("rating", "burst", 10), ("OpenClaw:Edge:Policies:rating:Cost:Default", "11")]);
        using HttpClient client = stack.Edge.CreateClient("test-key");

        using HttpResponseMessage response = await client.SendAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Null(response.Header("Retry-After"));
    }

    [Theory]
    [InlineData("7", 3)]
    [InlineData("0", 10)]
    [InlineData("1", 9)]
    [InlineData("-3", 9)]
    [InlineData("1000001", 9)]
    [InlineData("many", 9)]
    public async Task Rating_CostInResponseHeader_SettledAndStripped(string stated, int expected)
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. Requests.Bucket("rating", "burst", 10), ("OpenClaw:Edge:Policies:rating:Cost:ResponseHeader", "X-Real-Cost"),
                ("OpenClaw:Edge:Policies:rating:Cost:Routes:ratings", "0")]);
        stack.Upstream.Handler = context =>
        {
            context.Response.Headers["X-Real-Cost"] = context.Request.Path == "/rating" ? stated : "0";
            return Task.CompletedTask;
        };
        using HttpClient client = stack.Edge.CreateClient("test-key");

        using HttpResponseMessage response = await client.SendAsync();
        using HttpResponseMessage after = await client.SendAsync("/ratings/x");

        Assert.Null(response.Header("X-Real-Cost"));
        Assert.Matches($"^\"burst\";r={expected}(;|$)", after.Header("RateLimit"));
    }

    [Theory]
    [InlineData("1", 70)]
    [InlineData("50", 50)]
    public async Task Rating_ChargedWithoutRedisAndSettledWithIt_DebitedButNeverRefunded(string stated, int expected)
    {
        Requires.RedisServer();
        await using RedisServer own = await RedisServer.StartAsync();
        await using Stack stack = await Stack.StartAsync(own.ConnectionString,
        [
            .. Requests.Bucket("rating", "burst", 100), ("OpenClaw:Edge:Policies:rating:Cost:Default", "30"),
            ("OpenClaw:Edge:Policies:rating:Cost:Routes:ratings", "0"),
            ("OpenClaw:Edge:Policies:rating:Cost:ResponseHeader", "X-Real-Cost"), ("OpenClaw:Edge:Limiter:Deadline", "00:00:00.200"),
        ]);
        TaskCompletionSource release = new();
        TaskCompletionSource arrived = new();
        using HttpClient held = stack.Edge.CreateClient("test-key");
        using HttpClient probe = stack.Edge.CreateClient("test-key");
        await probe.StatusAsync(); // Redis: 70 left

        Task<HttpResponseMessage> response;
        await using (await own.RefuseConnectionsAsync())
        {
            stack.Upstream.Handler = context =>
            {
                if (context.Request.Path != "/rating")
                {
                    return Task.CompletedTask;
                }

                context.Response.Headers["X-Real-Cost"] = stated;
                arrived.SetResult();
                return release.Task;
            };
            response = held.SendAsync();
            await arrived.Task.WaitAsync(TimeSpan.FromSeconds(10));
            // In memory, from a level that is remembered in 255ths.
            Assert.Matches("^\"burst\";r=(39|40);", (await probe.SendAsync("/ratings/x")).Header("RateLimit"));
        }

        await Poll.UntilAsync("Redis decides again", async () => (await probe.SendAsync("/ratings/x")).Header("RateLimit")!.StartsWith(
            "\"burst\";r=70;"), TimeSpan.FromSeconds(20));
        release.SetResult();
        (await response).Dispose();
        // On the same connection, so it is read only after the request above is settled.
        using HttpResponseMessage after = await held.SendAsync("/ratings/x");

        Assert.StartsWith($"\"burst\";r={expected};", after.Header("RateLimit"));
    }

    [Fact]
    public async Task Request_AddressAndClientOnOneNode_OneScriptCall()
    {
        const int Sent = 100;
        Requires.RedisServer();
        await using RedisServer own = await RedisServer.StartAsync();
        await using Stack stack = await Stack.StartAsync(own.ConnectionString, Requests.Bucket("rating", "burst", Sent + 1));
        using HttpClient client = stack.Edge.CreateClient("test-key");
        await client.StatusAsync(); // Redis learns the script
        await own.ExecuteAsync("CONFIG", "RESETSTAT");

        Assert.Equal(Sent, await Requests.CountAllowedAsync(Sent, _ => client.StatusAsync()));
        string stats = await own.ExecuteAsync("INFO", "commandstats");
        int calls = Regex.Matches(stats, @"cmdstat_eval(?:sha)?:calls=(\d+)").Sum(match => int.Parse(match.Groups[1].Value));

        // The replica's heartbeat is a script too, once a second.
        Assert.InRange(calls, Sent, Sent + Sent / 2);
    }

    [Fact]
    public async Task Rating_RouteWithoutPolicy_IsNotLimited()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. Requests.Bucket("rating", "burst", 1), ("ReverseProxy:Routes:ratings:RateLimiterPolicy", "")]);

        Assert.Equal(1, await Requests.CountAllowedAsync(3, _ => stack.Edge.Client.StatusAsync()));
        Assert.Equal(5, await Requests.CountAllowedAsync(5, _ => stack.Edge.Client.StatusAsync("/ratings/x")));
    }
}
