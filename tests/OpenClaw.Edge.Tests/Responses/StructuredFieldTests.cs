using System.Text.Json;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Responses;

/// <summary>Parses the edge's fields with an independent structured field parser.</summary>
public sealed class StructuredFieldTests(SharedRedis redis)
{
    [Fact]
    public async Task Fields_OfRealResponses_ParseToWhatTheDraftSays()
    {
        Requires.Node();
        await using Stack stack = await Stack.StartAsync(redis,
        [
            .. Requests.Bucket("rating", "burst", 2), .. Requests.Bucket("rating", "per-day_1.0", 5000),
            ("OpenClaw:Edge:Policies:vast:Buckets:vast:Capacity", "5000000000000000"),
            ("OpenClaw:Edge:Policies:vast:Buckets:vast:RefillTokens", "1000000"),
            ("ReverseProxy:Routes:ratings:RateLimiterPolicy", "vast"),
        ]);
        using HttpClient client = stack.Edge.CreateClient("test-key");
        using HttpResponseMessage full = await client.SendAsync("/ratings/x", ("X-API-Key", "no-such-key"));
        using HttpResponseMessage first = await client.SendAsync();
        using HttpResponseMessage second = await client.SendAsync();
        using HttpResponseMessage refused = await client.SendAsync();

        JsonElement[] parsed = await ParseAsync(
            [.. ((HttpResponseMessage[])[first, second, refused, full]).SelectMany(
                response => (string[])[response.Header("RateLimit-Policy")!, response.Header("RateLimit")!])]);

        Assert.Equal("burst q=2 w=7200, per-day_1.0 q=5000 w=18000000", Describe(parsed[0]));
        Assert.StartsWith("burst r=1 t=", Describe(parsed[1]));
        Assert.StartsWith("burst r=0 t=", Describe(parsed[3]));
        Assert.Contains("per-day_1.0 r=4998 t=", Describe(parsed[5]));
        Assert.Equal("vast q=999999999999999 w=5000000000", Describe(parsed[6]));
        int untilMore = parsed[5][0].GetProperty("parameters").GetProperty("t").GetProperty("value").GetInt32();
        Assert.True(int.Parse(refused.Header("Retry-After")!) >= untilMore, "Retry-After is earlier than t.");
        Assert.All(parsed.SelectMany(list => list.EnumerateArray()), item =>
        {
            Assert.Equal("String", item.GetProperty("type").GetString());
            Assert.All(item.GetProperty("parameters").EnumerateObject(), parameter =>
                Assert.True(parameter.Value.GetProperty("type").GetString() == "Number"
                    && parameter.Value.GetProperty("value").TryGetInt64(out _), $"{parameter}"));
        });
    }

    private static string Describe(JsonElement list) => string.Join(", ", list.EnumerateArray().Select(item =>
        item.GetProperty("value") + string.Concat(item.GetProperty("parameters")
            .EnumerateObject()
            .Select(parameter => $" {parameter.Name}={parameter.Value.GetProperty("value")}"))));

    private static async Task<JsonElement[]> ParseAsync(string[] fields)
    {
        JsonElement[] parsed = await Node.RunAsync("parse.js", [.. fields.Select(field => JsonSerializer.Serialize(field))]);
        Assert.All(parsed, (list, i) => Assert.True(list.ValueKind == JsonValueKind.Array, $"{fields[i]}: {list}"));
        return parsed;
    }
}
