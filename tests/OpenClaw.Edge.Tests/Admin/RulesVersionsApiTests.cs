using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;
using StackExchange.Redis;
using static OpenClaw.Edge.Tests.Admin.AdminRequests;

namespace OpenClaw.Edge.Tests.Admin;

/// <summary>Versions of the rules document: what is kept of each, reading them, and returning to one.</summary>
public sealed class RulesVersionsApiTests(SharedRedis redis)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly (string, string?)[] Settings = [("OpenClaw:Edge:Admin:Key", TestEdge.AdminKey)];

    [Fact]
    public async Task Rules_Written_AreOneEventOfAllReplicasAndCanBeUndone()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        TestEdge second = await stack.AddEdgeAsync(Settings);
        TestEdge third = await stack.AddEdgeAsync(Settings);
        using HttpClient alice = Named(stack.Edge, "alice"), admin = third.CreateAdminClient();
        const string First = """{ "Deny": { "Networks": ["127.0.0.79"] } }""";
        using HttpResponseMessage one = await alice.PutAsync("/rules?reason=ticket+7", AdminRequests.Json(First));
        string version = Text(JsonElement.Parse(await one.Content.ReadAsStringAsync()), "version")!;
        using HttpResponseMessage two = await admin.PutRulesAsync("{}", $"\"{version}\"");
        Assert.Equal(HttpStatusCode.OK, two.StatusCode);

        JsonElement[] versions =
            [.. (await admin.GetFromJsonAsync<JsonElement>("/rules/versions")).GetProperty("versions").EnumerateArray()];
        Assert.Equal(2, versions.Length);
        Assert.Equal((version, "alice", "ticket 7", First.Length), (
            Text(versions[1], "version"), Text(versions[1], "operator"), Text(versions[1], "reason"),
            versions[1].GetProperty("bytes").GetInt32()));
        Assert.Equal("admin key", Text(versions[0], "operator"));
        string earlier = await admin.GetStringAsync($"/rules/versions/{version}");
        Assert.Equal(First, earlier);
        using HttpResponseMessage undo = await admin.PutRulesAsync(earlier, $"\"{Text(versions[0], "version")}\"");
        Assert.Equal(HttpStatusCode.OK, undo.StatusCode);
        using HttpResponseMessage unknown = await admin.GetAsync("/rules/versions/1");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);

        using HttpClient denied = second.CreateClient(from: "127.0.0.79");
        await Poll.UntilAsync("it is in force", async () => await denied.StatusAsync() == HttpStatusCode.Forbidden, Patience);
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        JsonElement[] events = await EventsAsync(admin, 3);
        Assert.All(events, changed => Assert.Equal("rules.changed", Text(changed, "type")));
        Assert.Equal(3, events.Select(changed => Text(changed, "version")).Distinct().Count());
        Assert.Equal(
            ("alice", "ticket 7", $"rules/{version}"), (Text(events[2], "operator"), Text(events[2], "reason"), Text(events[2], "id")));
    }

    [Fact]
    public async Task Rules_WrittenManyTimes_TwentyVersionsAreKept()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        for (int i = 0; i < 22; i++)
        {
            (await admin.PutRulesAsync("{}")).Dispose();
        }

        Assert.Equal(20, (await admin.GetFromJsonAsync<JsonElement>("/rules/versions")).GetProperty("versions").GetArrayLength());
        string fields = await (await redis.GetAsync()).ExecuteAsync("HLEN", $"{{{stack.Scope}:rules}}:documents");
        Assert.Equal("40", fields);
    }

    [Fact]
    public async Task Rules_WrittenByHand_AreKeptWhenTheyAreReplaced()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        await (await redis.GetAsync()).ExecuteAsync("HSET", $"{stack.Scope}:rules", "version", "7", "document", """{"Deny":{}}""");
        using HttpResponseMessage put = await admin.PutRulesAsync("{}");
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);

        JsonElement versions = (await admin.GetFromJsonAsync<JsonElement>("/rules/versions")).GetProperty("versions");
        Assert.Equal("7", Text(versions[1], "version"));
        Assert.Null(Text(versions[1], "operator"));
        Assert.Equal("""{"Deny":{}}""", await admin.GetStringAsync("/rules/versions/7"));
    }

    [Fact]
    public async Task Rules_WrittenByHandWithASlash_CanBeReadAndUndone()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        const string Document = """{"Deny":{}}""";
        await (await redis.GetAsync()).ExecuteAsync("HSET", $"{stack.Scope}:rules", "version", "release/12", "document", Document);
        using HttpResponseMessage put = await admin.PutRulesAsync("{}");
        Assert.Equal("release/13", Text(await put.Content.ReadFromJsonAsync<JsonElement>(), "version"));

        Assert.Equal(Document, await admin.GetStringAsync("/rules/versions/release%2F12"));
        Assert.Equal(Document, await admin.GetStringAsync("/rules/versions/release%2f12"));
        Assert.Equal("{}", await admin.GetStringAsync("/rules/versions/release/13"));
        using HttpResponseMessage missing = await admin.GetAsync("/rules/versions/release%2F11");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("'release/11'", await missing.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Rules_OverAVersionOfGreatestLength_AreInForceOrRefusedWith409()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        RedisServer server = await redis.GetAsync();
        string hash = new('f', 64), greatest = new('z', 64);
        await server.ExecuteAsync("HSET", $"{stack.Scope}:rules", "version", hash, "document", "{}");
        using HttpResponseMessage put = await admin.PutRulesAsync("""{ "Deny": { "Networks": ["127.0.0.79"] } }""");
        Assert.Equal(
            stack.Edge.Rules.DocumentVersion, Text(await put.Content.ReadFromJsonAsync<JsonElement>(), "version"));
        Assert.False(stack.Edge.Rules.Current.Deny.IsEmpty);

        await server.ExecuteAsync("HSET", $"{stack.Scope}:rules", "version", greatest, "document", "{}");
        using HttpResponseMessage refused = await admin.PutRulesAsync("{}");

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains($"Delete the key '{stack.Scope}:rules'", await refused.Content.ReadAsStringAsync());
        Assert.Equal(greatest, await server.ExecuteAsync("HGET", $"{stack.Scope}:rules", "version"));
        JsonElement audit = (await admin.GetFromJsonAsync<JsonElement>("/audit")).GetProperty("entries")[0];
        Assert.Equal("refused, no version is newer than the current one", Text(audit, "outcome"));
    }
}
