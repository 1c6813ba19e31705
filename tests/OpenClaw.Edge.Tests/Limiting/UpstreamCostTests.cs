using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Limiting;

public sealed class UpstreamCostTests(SharedRedis redis)
{
    // The shadow's five tokens cover a charge of three once. A charge that the shadow would have denied is neither refunded nor raised: in
    // force, it would have kept the request from the upstream.
    [Theory]
    [InlineData(0, "1", 9, 4)]
    [InlineData(0, "5", 5, 0)]
    [InlineData(1, "1", 6, 2)]
    [InlineData(1, "5", 2, 2)]
    public async Task Rating_CostStatedUnderAShadowBucket_IsSettledInItIfItPaid(int before, string stated, int burst, int trial)
    {
        await using Stack stack = await Stack.StartAsync(redis,
        [
            .. Requests.Bucket("rating", "burst", 10), .. Requests
                .Bucket("rating", "trial", 5), ("OpenClaw:Edge:Policies:rating:Buckets:trial:Shadow", "true"),
            ("OpenClaw:Edge:Policies:rating:Cost:Default", "3"), ("OpenClaw:Edge:Policies:rating:Cost:Routes:ratings", "0"),
            ("OpenClaw:Edge:Policies:rating:Cost:ResponseHeader", "X-Real-Cost"), ("OpenClaw:Edge:Admin:Key", TestEdge.AdminKey),
        ]);
        using HttpClient client = stack.Edge.CreateClient("test-key");
        using HttpClient admin = stack.Edge.CreateAdminClient();
        Assert.Equal(before, await Requests.CountAllowedAsync(before, _ => client.StatusAsync()));
        stack.Upstream.Handler = context =>
        {
            context.Response.Headers["X-Real-Cost"] = context.Request.Path == "/rating" ? stated : "0";
            return Task.CompletedTask;
        };

        Assert.Equal(HttpStatusCode.OK, await client.StatusAsync());

        // On the same connection, so it is read only after the request above is settled.
        await client.StatusAsync("/ratings/x");
        JsonElement partitions = await admin.GetFromJsonAsync<JsonElement>("/buckets?partition=c:test&policy=rating");
        Dictionary<string, int> left = partitions[0].GetProperty("buckets").EnumerateArray()
            .ToDictionary(bucket => bucket.GetProperty("name").GetString()!, bucket => bucket.GetProperty("remaining").GetInt32());
        Assert.Equal((burst, trial), (left["burst"], left["trial"]));
    }
}
