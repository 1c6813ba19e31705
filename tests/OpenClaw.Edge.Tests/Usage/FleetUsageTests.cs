using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.Edge.Usage;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Usage;

/// <summary>Usage of several replicas, as the admin API of one of them shows it.</summary>
public sealed class FleetUsageTests(SharedRedis redis)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Usage_TwoReplicas_IsTheSumOfBoth()
    {
        await using Stack stack = await Stack.StartAsync(redis, [.. Settings("one"), .. Requests.Bucket("idle", "burst", 10)]);
        TestEdge second = await stack.AddEdgeAsync([.. Settings("two"), .. Requests.Bucket("idle", "burst", 10)]);
        using HttpClient test = stack.Edge.CreateClient("test-key"), silver = second.CreateClient("silver-key");
        int allowed = await Requests.CountAllowedAsync(15, _ => test.StatusAsync());
        await Requests.CountAllowedAsync(3, _ => silver.StatusAsync());
        using HttpClient admin = second.CreateAdminClient();

        JsonElement usage = await UntilAsync(
            admin,
            "/usage",
            usage => Admitted(usage) == allowed + 3
                && Policy(usage, "rating").GetProperty("minute").GetProperty("denied").GetInt64() == 15 - allowed);

        Assert.Equal(10, allowed);
        Assert.Equal("up", usage.GetProperty("store").GetString());
        Assert.Equal(
            ["one", "two"], usage.GetProperty("replicas").EnumerateArray().Select(replica => replica.GetProperty("name").GetString()));
        Assert.All(
            usage.GetProperty("replicas").EnumerateArray(), replica => Assert.Equal("closed", replica.GetProperty("circuit").GetString()));
        Assert.Equal(13, Policy(usage, "rating").GetProperty("hour").GetProperty("admitted").GetInt64());
        Assert.True(Policy(usage, "rating").GetProperty("latencyMilliseconds").GetProperty("p99").GetDouble() > 0);
        Assert.False(Policy(usage, "idle").TryGetProperty("latencyMilliseconds", out _), "It decided nothing.");
        JsonElement sources = usage.GetProperty("sources");
        Assert.Equal(18, sources.GetProperty("store").GetInt64() + sources.GetProperty("denyCache").GetInt64());

        JsonElement history = await admin.GetFromJsonAsync<JsonElement>("/usage/history");
        JsonElement rating = Policy(history, "rating");
        Assert.Equal(90, rating.GetProperty("admitted").GetArrayLength());
        Assert.Equal(13, rating.GetProperty("admitted").EnumerateArray().Sum(count => count.GetInt64()));
        Assert.Equal(5, rating.GetProperty("denied").EnumerateArray().Sum(count => count.GetInt64()));

        JsonElement top = (await admin.GetFromJsonAsync<JsonElement>("/usage/top")).GetProperty("clients");
        Assert.Equal("test", Assert.Single(top.EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal((5, 0), (top[0].GetProperty("count").GetInt64(), top[0].GetProperty("errorAtMost").GetInt64()));
        top = (await admin.GetFromJsonAsync<JsonElement>("/usage/top?by=admitted&window=hour&policy=RATING&count=2"))
            .GetProperty("clients");
        Assert.Equal(["test", "silver-sample"], top.EnumerateArray().Select(client => client.GetProperty("name").GetString()));
        Assert.Equal("client", top[0].GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Usage_ReplicaStopped_KeepsItsCountsAndNoLongerListsIt()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings("one"));
        TestEdge second = await stack.AddEdgeAsync(Settings("two"));
        await Requests.CountAllowedAsync(4, _ => second.Client.StatusAsync());
        await second.StopAsync();
        using HttpClient admin = stack.Edge.CreateAdminClient();

        JsonElement usage = await UntilAsync(
            admin, "/usage", usage => usage.GetProperty("replicas").GetArrayLength() == 1 && Admitted(usage) == 4);

        Assert.Equal("one", usage.GetProperty("replicas")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task Usage_RequestsWithoutAKnownKey_AreNamedByAddress()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings("one"));
        using HttpClient guessing = stack.Edge.CreateClient("a-key-that-nobody-has", from: "127.0.0.9");
        await Requests.CountAllowedAsync(12, _ => guessing.StatusAsync());
        using HttpClient admin = stack.Edge.CreateAdminClient();

        JsonElement top = await UntilAsync(
            admin, "/usage/top?by=denied", top => top.GetProperty("clients").EnumerateArray().Any());

        JsonElement client = Assert.Single(top.GetProperty("clients").EnumerateArray());
        Assert.Equal(("address", "127.0.0.9", "127.0.0.9"), (
            client.GetProperty("kind").GetString(), client.GetProperty("name").GetString(), client.GetProperty("address").GetString()));
    }

    [Fact]
    public async Task Usage_RequestsRefusedForTheirKey_CountOnlyWhenTheAddressIsDenied()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. Settings("one"), .. Requests.Bucket("address", "address", 6), ("OpenClaw:Edge:ApiKeys:Unknown", "Reject")]);
        using HttpClient guessing = stack.Edge.CreateClient("a-key-that-nobody-has", from: "127.0.0.9");
        using HttpClient admin = stack.Edge.CreateAdminClient();
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await guessing.StatusAsync());
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await guessing.StatusAsync());
        Assert.Equal(HttpStatusCode.OK, await stack.Edge.Client.StatusAsync());

        JsonElement usage = await UntilAsync(
            admin,
            "/usage",
            usage => Admitted(usage) > 0 && Policy(usage, "address").GetProperty("minute").GetProperty("denied").GetInt64() > 0);

        Assert.Equal((1, 1), (Admitted(usage), Policy(usage, "address").GetProperty("minute").GetProperty("denied").GetInt64()));
        JsonElement top = (await admin.GetFromJsonAsync<JsonElement>("/usage/top?by=admitted")).GetProperty("clients");
        Assert.Equal("127.0.0.1", Assert.Single(top.EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Usage_RedisAwayAndBack_AnswersForItselfAndThenAddsWhatWasDecidedMeanwhile()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync(new RedisServerOptions { Persistent = true });
        await using Stack stack = await Stack.StartAsync(
            server.ConnectionString, [.. Settings("one"), ("OpenClaw:Edge:Limiter:Deadline", "00:00:00.100")]);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        await UntilAsync(admin, "/usage", usage => usage.GetProperty("store").GetString() == "up");

        server.Kill();
        await UntilAsync(admin, "/usage", usage => usage.GetProperty("store").GetString() == "down");
        await Requests.CountAllowedAsync(6, _ => stack.Edge.Client.StatusAsync());
        JsonElement alone = await UntilAsync(admin, "/usage", usage => Admitted(usage) == 6);
        Assert.Equal("one", Assert.Single(alone.GetProperty("replicas").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(6, Policy(alone, "rating").GetProperty("minute").GetProperty("local").GetInt64());
        using HttpResponseMessage history = await admin.GetAsync("/usage/history");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, history.StatusCode);

        await server.RestartAsync();
        JsonElement back = await UntilAsync(
            admin, "/usage", usage => usage.GetProperty("store").GetString() == "up" && Admitted(usage) == 6);
        Assert.Equal(6, Policy(back, "rating").GetProperty("minute").GetProperty("local").GetInt64());
        Assert.DoesNotContain(stack.Edge.Logs.GetSnapshot(), line => line.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task Increments_SentTwiceAfterALostAnswer_AreAddedOnce()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings("one"));
        RedisUsageStore store = stack.Edge.Services.GetRequiredService<RedisUsageStore>();
        OpenClaw.Edge.Redis.ControlPlaneKeys keys = stack.Edge.Services.GetRequiredService<OpenClaw.Edge.Redis.ControlPlaneKeys>();
        ReplicaReport report = stack.Edge.Services.GetRequiredService<UsageAggregator>().Report(DateTimeOffset.UtcNow);
        UsageIncrements increments = new("a", [(keys.TenSeconds(1), TimeSpan.FromMinutes(1), [new("rating|admitted", 7)])]);

        await store.WriteAsync(report, increments);
        await store.WriteAsync(report, increments);
        await store.WriteAsync(report, increments with { Id = "b" });

        Assert.Equal(14, (await store.ReadSlicesAsync([keys.TenSeconds(1)]))[0]["rating|admitted"]);
    }

    [Theory]
    [InlineData("/usage/top?by=x", "by is 'x'; it must be denied or admitted.")]
    [InlineData("/usage/top?window=day", "window is 'day'; it must be minute or hour.")]
    [InlineData("/usage/top?count=0", "count is 0; it must be 1 to 200.")]
    public async Task Top_WrongParameter_400SaysWhatWouldBeRight(string path, string expected)
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings("one"));
        using HttpClient admin = stack.Edge.CreateAdminClient();

        using HttpResponseMessage answer = await admin.GetAsync(path);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(expected, JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Stream_OpenWhileTheEdgeStops_EndsAtOnce()
    {
        await using Stack stack = await Stack.StartAsync(redis, [.. Settings("one"), ("OpenClaw:Edge:Admin:MaxStreams", "1")]);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        using HttpResponseMessage stream = await admin.GetAsync("/usage/stream", HttpCompletionOption.ResponseHeadersRead);
        using StreamReader reader = new(await stream.Content.ReadAsStreamAsync());
        Assert.Equal("text/event-stream", stream.Content.Headers.ContentType?.MediaType);
        Assert.Equal("event: usage", await reader.ReadLineAsync());
        Assert.StartsWith("data: {\"at\":", await reader.ReadLineAsync());
        using HttpResponseMessage second = await admin.GetAsync("/usage/stream");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);

        Task stopped = stack.Edge.StopAsync();

        await reader.ReadToEndAsync().WaitAsync(Patience);
        await stopped.WaitAsync(Patience);
    }

    [Fact]
    public async Task Stream_ClientLeft_FreesItsPlace()
    {
        await using Stack stack = await Stack.StartAsync(redis, [.. Settings("one"), ("OpenClaw:Edge:Admin:MaxStreams", "1")]);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        (await admin.GetAsync("/usage/stream", HttpCompletionOption.ResponseHeadersRead)).Dispose();

        await Poll.UntilAsync("there is a place again", async () =>
        {
            using HttpResponseMessage stream = await admin.GetAsync("/usage/stream", HttpCompletionOption.ResponseHeadersRead);
            return stream.StatusCode == HttpStatusCode.OK;
        }, Patience);
    }

    [Fact]
    public async Task Usage_Disabled_ShowsNoDecisions()
    {
        await using Stack stack = await Stack.StartAsync(redis, [.. Settings("one"), ("OpenClaw:Edge:Usage:Enabled", "false")]);
        await Requests.CountAllowedAsync(2, _ => stack.Edge.Client.StatusAsync());
        using HttpClient admin = stack.Edge.CreateAdminClient();

        JsonElement usage = await admin.GetFromJsonAsync<JsonElement>("/usage");

        Assert.Empty(usage.GetProperty("replicas").EnumerateArray());
    }

    private static (string, string?)[] Settings(string replica) =>
    [
        ("OpenClaw:Edge:Admin:Key", TestEdge.AdminKey), ("OpenClaw:Edge:Limiter:ReplicaName", replica),
        .. Requests.Bucket("rating", "burst", 10),
    ];

    private static JsonElement Policy(JsonElement usage, string name) =>
        usage.GetProperty("policies").EnumerateArray().Single(policy => policy.GetProperty("policy").GetString() == name);

    private static long Admitted(JsonElement usage) => Policy(usage, "rating").GetProperty("minute").GetProperty("admitted").GetInt64();

    private static async Task<JsonElement> UntilAsync(HttpClient admin, string path, Func<JsonElement, bool> condition)
    {
        JsonElement answer = default;
        await Poll.UntilAsync($"{path} is as expected", async () =>
        {
            answer = await admin.GetFromJsonAsync<JsonElement>(path);
            return condition(answer);
        }, Patience);
        return answer;
    }
}
