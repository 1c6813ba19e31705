using System.Text.Json;
using OpenClaw.Edge.Tests.Hosting;

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

        JsonElement eleven = await admin.PostJsonAsync("/try", new { policy = "rating", address = "127.0.0.1", client = "test", cost = 11 });
        Assert.True(two.GetProperty("allowed").GetBoolean());
        Assert.False(three.GetProperty("allowed").GetBoolean());
        Assert.InRange(three.GetProperty("retryAfterSeconds").GetDouble(), 3500, 3600);
        Assert.False(eleven.TryGetProperty("retryAfterSeconds", out _));
        Assert.Equal(2, await Requests.CountAllowedAsync(4, _ => client.StatusAsync()));
    }

    [Fact]
    public async Task Try_PolicyByHeader_LooksAtTheBucketOfTheValue()
    {
        await using Stack stack = await Stack.StartAsync(
            redis,
            [Key, .. Requests.Bucket("tenant", "burst", 2), ("OpenClaw:Edge:Policies:tenant:PartitionBy", "header:X-Tenant"), ("ReverseProxy:Routes:rating:RateLimiterPolicy", "tenant")]);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        await Requests.CountAllowedAsync(2, _ => stack.Edge.Client.StatusAsync("/rating", ("X-Tenant", "one")));

        JsonElement one = await admin.PostJsonAsync("/try", new { policy = "tenant", address = "127.0.0.1", header = "one" });
        JsonElement two = await admin.PostJsonAsync("/try", new { policy = "tenant", address = "127.0.0.1", header = "two" });

        Assert.False(one.GetProperty("allowed").GetBoolean());
        Assert.True(two.GetProperty("allowed").GetBoolean());
    }
}
