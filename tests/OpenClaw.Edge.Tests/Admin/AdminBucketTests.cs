using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Admin;

public sealed class AdminBucketTests(SharedRedis redis)
{
    private static readonly (string, string?) Key = ("OpenClaw:Edge:Admin:Key", TestEdge.AdminKey);
    private static readonly (string, string?)[] Settings = [Key, .. Requests.Bucket("rating", "burst", 10)];

    [Fact]
    public async Task Buckets_InspectResetAndGrant_ShowAndChangeTheTruth()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        using HttpClient client = stack.Edge.CreateClient("test-key");
        await Requests.CountAllowedAsync(10, _ => client.StatusAsync());
        Assert.Equal(HttpStatusCode.TooManyRequests, await client.StatusAsync());

        JsonElement empty = await admin.GetFromJsonAsync<JsonElement>("/buckets?client=test");
        JsonElement granted = await admin.PostJsonAsync("/buckets/grant", new { client = "test", tokens = 3 });
        Assert.Equal(3, await Requests.CountAllowedAsync(5, _ => client.StatusAsync()));
        JsonElement reset = await admin.PostJsonAsync("/buckets/reset", new { client = "test" });
        Assert.Equal(10, await Requests.CountAllowedAsync(12, _ => client.StatusAsync()));

        Assert.Equal((0, 10), (Remaining(empty), empty[0].GetProperty("buckets")[0].GetProperty("capacity").GetInt32()));
        Assert.InRange(empty[0].GetProperty("buckets")[0].GetProperty("fullAfterSeconds").GetDouble(), 35_900, 36_000);
        Assert.Equal(3, Remaining(granted));
        Assert.Equal(10, Remaining(reset));
    }

    [Fact]
    public async Task Buckets_OfAnAddress_InEveryPolicyItCanMeet()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        await stack.Edge.Client.StatusAsync();

        JsonElement buckets = await admin.GetFromJsonAsync<JsonElement>("/buckets?address=127.0.0.1");

        Assert.Equal(
            ["address a:127.0.0.1", "address t:gold:127.0.0.1", "rating a:127.0.0.1"],
            buckets.EnumerateArray().Select(partition => $"{partition.GetProperty("policy")} {partition.GetProperty("partition")}"));
        Assert.Equal(9, buckets[2].GetProperty("buckets")[0].GetProperty("remaining").GetInt32());
    }

    [Fact]
    public async Task Buckets_ByPartition_HaveTheNumbersOfItsTier()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        using HttpClient gold = stack.Edge.CreateClient("gold-key");
        await Requests.CountAllowedAsync(50, _ => gold.StatusAsync());

        JsonElement before = await admin.GetFromJsonAsync<JsonElement>("/buckets?partition=c:gold-sample&policy=rating");
        JsonElement granted = await admin.PostJsonAsync(
            "/buckets/grant", new { partition = "c:gold-sample", policy = "rating", tokens = 10 });
        JsonElement address = await admin.GetFromJsonAsync<JsonElement>("/buckets?partition=t:gold:127.0.0.1&policy=address");
        JsonElement anyone = await admin.GetFromJsonAsync<JsonElement>("/buckets?partition=a:127.0.0.1&policy=address");
        JsonElement test = await admin.GetFromJsonAsync<JsonElement>("/buckets?partition=c:test&policy=rating");

        Assert.Equal(200, Capacity(before));
        Assert.InRange(Remaining(before), 150, 199);
        Assert.InRange(Remaining(granted), Remaining(before) + 10, 200);
        Assert.Equal((1000, 200, 10), (Capacity(address), Capacity(anyone), Capacity(test)));
    }

    [Fact]
    public async Task Buckets_BlockAndUnblock_EffectiveOnEveryReplicaAtOnce()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        TestEdge second = await stack.AddEdgeAsync(Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        using HttpClient there = second.CreateClient("test-key");
        Assert.Equal(HttpStatusCode.OK, await there.StatusAsync());

        JsonElement blocked = await admin.PostJsonAsync("/buckets/block", new { client = "test", seconds = 60 });
        using HttpResponseMessage refused = await there.SendAsync();
        using HttpResponseMessage refusedAgain = await there.SendAsync();
        HttpStatusCode other = await second.Client.StatusAsync("/rating", ("X-API-Key", "silver-key"));
        JsonElement unblocked = await admin.PostJsonAsync("/buckets/unblock", new { client = "test" });
        HttpStatusCode after = await there.StatusAsync();

        Assert.InRange(blocked[0].GetProperty("blockedForSeconds").GetDouble(), 50, 60);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(int.Parse(refused.Header("Retry-After")!), 50, 91);
        Assert.Contains("#abnormal-usage-detected", await refused.Content.ReadAsStringAsync());
        Assert.Contains("#abnormal-usage-detected", await refusedAgain.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, other);
        Assert.False(unblocked[0].TryGetProperty("blockedForSeconds", out _));
        Assert.Equal(HttpStatusCode.OK, after);
    }

    private static int Capacity(JsonElement partitions) => partitions[0].GetProperty("buckets")[0].GetProperty("capacity").GetInt32();

    private static int Remaining(JsonElement partitions) => partitions[0].GetProperty("buckets")[0].GetProperty("remaining").GetInt32();
}
