using System.Net.Http.Json;
using System.Text.Json;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Admin;

public sealed class BucketTierTests(SharedRedis redis)
{
    [Fact]
    public async Task Buckets_OfAnAddress_SayWhichTierSharesThem()
    {
        await using Stack stack = await Stack.StartAsync(redis, ("OpenClaw:Edge:Admin:Key", TestEdge.AdminKey));
        using HttpClient admin = stack.Edge.CreateAdminClient();

        JsonElement[] address =
            [.. (await admin.GetFromJsonAsync<JsonElement>("/buckets?address=203.0.113.7&policy=address")).EnumerateArray()];
        JsonElement client = (await admin.GetFromJsonAsync<JsonElement>("/buckets?client=gold-sample"))[0];

        Assert.Equal([null, "gold"], address.Select(TierOf));
        Assert.Null(TierOf(client));
    }

    private static string? TierOf(JsonElement partition) =>
        partition.TryGetProperty("tier", out JsonElement tier) ? tier.GetString() : null;
}
