using System.Net;
using OpenClaw.Edge.Tests.Hosting;

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
        Assert.All(answers.Where(answer => answer.StatusCode != HttpStatusCode.OK), answer => Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode));
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
        await using Stack stack = await Stack.StartAsync(redis, [.. Requests.Bucket("rating", "burst", 5), .. Requests.Bucket("rating", "daily", 3)]);
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
            redis, [.. Requests.Bucket("tenant", "burst", 2), ("OpenClaw:Edge:Policies:tenant:PartitionBy", "header:X-Tenant"), ("ReverseProxy:Routes:rating:RateLimiterPolicy", "tenant")]);
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
            redis, [.. Requests.Bucket("rating", "burst", 10), ("OpenClaw:Edge:Policies:rating:Cost:ResponseHeader", "X-Real-Cost"), ("OpenClaw:Edge:Policies:rating:Cost:Routes:ratings", "0")]);
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

    [Fact]
    public async Task Rating_RouteWithoutPolicy_IsNotLimited()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. Requests.Bucket("rating", "burst", 1), ("ReverseProxy:Routes:ratings:RateLimiterPolicy", "")]);

        Assert.Equal(1, await Requests.CountAllowedAsync(3, _ => stack.Edge.Client.StatusAsync()));
        Assert.Equal(5, await Requests.CountAllowedAsync(5, _ => stack.Edge.Client.StatusAsync("/ratings/x")));
    }
}
