using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Edge.Rules;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Tests.Admin;

public sealed class TrialTests(SharedRedis redis)
{
    private static readonly (string, string?) Key = ("OpenClaw:Edge:Admin:Key", TestEdge.AdminKey);
    private static readonly (string, string?)[] Settings = [Key, .. Requests.Bucket("rating", "burst", 10)];

    [Fact]
    public async Task Try_AnyNumberOfTimes_TellsTheAnswerAndChargesNothing()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        using HttpClient client = stack.Edge.CreateClient("test-key");
        await Requests.CountAllowedAsync(8, _ => client.StatusAsync());

        JsonElement two = default, three = default;
        for (int i = 0; i < 5; i++)
        {
            two = await admin.PostJsonAsync("/try", new { policy = "rating", address = "127.0.0.1", client = "test", cost = 2 });
            three = await admin.PostJsonAsync("/try", new { policy = "rating", address = "127.0.0.1", client = "test", cost = 3 });
        }

        JsonElement eleven = await admin.PostJsonAsync(
            "/try", new { policy = "rating", address = "127.0.0.1", client = "test", cost = 11 });
        Assert.True(two.GetProperty("allowed").GetBoolean());
        Assert.False(three.GetProperty("allowed").GetBoolean());
        Assert.InRange(three.GetProperty("retryAfterSeconds").GetDouble(), 3500, 3600);
        Assert.False(eleven.TryGetProperty("retryAfterSeconds", out _));
        Assert.Equal(2, await Requests.CountAllowedAsync(4, _ => client.StatusAsync()));
    }

    [Fact]
    public async Task Try_RefillThatIsNoWholeNumberOfTicks_WaitsAsLongAsTheLimiterSays()
    {
        // 7 tokens in 1 ms: a token takes 142.857… µs. Without the deny cache, all waits come from one clock, that of Redis.
        await using Stack stack = await Stack.StartAsync(
            redis,
            [
                Key, ("OpenClaw:Edge:AddressPolicy", ""), ("OpenClaw:Edge:Limiter:DenyCacheEntries", "0"),
                ("OpenClaw:Edge:Policies:rating:Buckets:burst:Capacity", "1000000"),
                ("OpenClaw:Edge:Policies:rating:Buckets:burst:RefillTokens", "7"),
                ("OpenClaw:Edge:Policies:rating:Buckets:burst:RefillPeriod", "00:00:00.001"),
                ("OpenClaw:Edge:Policies:rating:Cost:Default", "1000000"),
            ]);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        using HttpClient client = stack.Edge.CreateClient("test-key");
        RateLimitPolicy policy = stack.Edge.Rules.Current.PoliciesByName["rating"].Variant.Limits;
        IRateLimiterClient limiter = stack.Edge.Services.GetRequiredService<IRateLimiterClient>();
        Assert.Equal(HttpStatusCode.OK, await client.StatusAsync());

        // In sequence, so that the wait lies between the two waits of the limiter.
        double before = (await limiter.DecideAsync([new Charge(policy, "c:test", 500_000)])).RetryAfter.TotalSeconds;
        JsonElement answer = await admin.PostJsonAsync(
            "/try", new { policy = "rating", address = "127.0.0.1", client = "test", cost = 500_000 });
        double after = (await limiter.DecideAsync([new Charge(policy, "c:test", 500_000)])).RetryAfter.TotalSeconds;

        Assert.InRange(answer.GetProperty("retryAfterSeconds").GetDouble(), after, before);
    }

    [Fact]
    public async Task Try_PolicyByHeader_LooksAtTheBucketOfTheValue()
    {
        await using Stack stack = await Stack.StartAsync(
            redis,
            [Key, .. Requests.Bucket("tenant", "burst", 2), ("OpenClaw:Edge:Policies:tenant:PartitionBy", "header:X-Tenant"),
                ("ReverseProxy:Routes:rating:RateLimiterPolicy", "tenant")]);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        await Requests.CountAllowedAsync(2, _ => stack.Edge.Client.StatusAsync("/rating", ("X-Tenant", "one")));

        JsonElement one = await admin.PostJsonAsync("/try", new { policy = "tenant", address = "127.0.0.1", header = "one" });
        JsonElement two = await admin.PostJsonAsync("/try", new { policy = "tenant", address = "127.0.0.1", header = "two" });

        Assert.False(one.GetProperty("allowed").GetBoolean());
        Assert.True(two.GetProperty("allowed").GetBoolean());
    }
}
