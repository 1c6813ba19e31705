using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpenClaw.Edge.Tests.Admin;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Events;

/// <summary>Events of several replicas in the stream.</summary>
public sealed class EventStreamTests(SharedRedis redis)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Thresholds_ThreeReplicasRacing_AreOneEventEach()
    {
        await using Stack stack = await Stack.StartAsync(redis, [.. Settings("one"), .. Contacts]);
        TestEdge second = await stack.AddEdgeAsync([.. Settings("two"), .. Contacts]);
        TestEdge third = await stack.AddEdgeAsync([.. Settings("three"), .. Contacts]);
        TestEdge[] edges = [stack.Edge, second, third];
        HttpClient[] clients = [.. edges.Select(edge => edge.CreateClient("test-key"))];
        using HttpClient admin = stack.Edge.CreateAdminClient();

        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => clients[i % 3].StatusAsync()));

        await UntilAsync(admin, "/events?type=client.threshold", events => events.Count == 2);
        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => clients[i % 3].StatusAsync()));
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        List<JsonElement> events = await EventsAsync(admin, "/events?type=client.threshold&client=TEST");
        Assert.Equal([80, 100], events.Select(found => found.GetProperty("threshold").GetInt32()).Order());
        JsonElement full = events.Single(found => found.GetProperty("threshold").GetInt32() == 100);
        Assert.StartsWith("threshold/rating/burst/client/test/100/", full.GetProperty("id").GetString());
        Assert.Equal("test", full.GetProperty("client").GetString());
        Assert.Equal(("rating", "burst", 10, 0), (
            full.GetProperty("policy").GetString(), full.GetProperty("bucket").GetString(), full.GetProperty("capacity").GetInt32(),
            full.GetProperty("remaining").GetInt32()));
        Assert.Equal(3600, full.GetProperty("windowSeconds").GetDouble());
        Assert.Equal("ops@acme.example", full.GetProperty("contacts").GetProperty("emails")[0].GetString());
        Assert.Equal("https://acme.example/hook", full.GetProperty("contacts").GetProperty("webhook").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", full.GetProperty("time").GetString());
        Assert.False(full.TryGetProperty("address", out _));
        Array.ForEach(clients, client => client.Dispose());
    }

    [Fact]
    public async Task Thresholds_OfPolicyTierAndNone_AreThoseConfigured()
    {
        (string, string?)[] settings =
        [
            .. Settings("one"), ("OpenClaw:Edge:Policies:rating:Events:Thresholds:0", "50"),
            .. Requests.Bucket("rating", "burst", 4),
            ("OpenClaw:Edge:Tiers:silver:rating:burst:Capacity", "4"), ("OpenClaw:Edge:Tiers:silver:rating:burst:Thresholds:0", "75"),
            ("OpenClaw:Edge:Tiers:silver:rating:burst:RefillTokens", "1"),
        ];
        await using Stack stack = await Stack.StartAsync(redis, settings);
        using HttpClient test = stack.Edge.CreateClient("test-key"), silver = stack.Edge.CreateClient("silver-key");
        await Requests.CountAllowedAsync(4, _ => test.StatusAsync());
        await Requests.CountAllowedAsync(4, _ => silver.StatusAsync());
        using HttpClient admin = stack.Edge.CreateAdminClient();

        await UntilAsync(admin, "/events?type=client.threshold", events => events.Count == 2);

        List<JsonElement> events = await EventsAsync(admin, "/events?type=client.threshold");
        Assert.Equal(
            [("silver-sample", 75), ("test", 50)],
            events.Select(found => (found.GetProperty("client").GetString()!, found.GetProperty("threshold").GetInt32())).Order());
        Assert.Equal("silver", events.Single(found => found.GetProperty("threshold").GetInt32() == 75).GetProperty("tier").GetString());
    }

    [Fact]
    public async Task Thresholds_FloodOfAddresses_StaysWithinItsBudget()
    {
        await using Stack stack = await Stack.StartAsync(redis, [.. Settings("one"), ("OpenClaw:Edge:Events:AddressesPerMinute", "2")]);
        using HttpClient test = stack.Edge.CreateClient("test-key", from: "127.0.0.99");
        for (int i = 1; i <= 8; i++)
        {
            using HttpClient address = stack.Edge.CreateClient(from: $"127.0.3.{i}");
            await Requests.CountAllowedAsync(12, _ => address.StatusAsync());
        }

        await Requests.CountAllowedAsync(12, _ => test.StatusAsync());
        using HttpClient admin = stack.Edge.CreateAdminClient();

        await UntilAsync(admin, "/events?client=test", events => events.Count == 2);

        // The minute may have ended in between.
        Assert.InRange((await EventsAsync(admin, "/events")).Count(found => found.TryGetProperty("address", out _)), 1, 4);
    }

    [Fact]
    public async Task Denials_OverTwoReplicas_AreOneEventWithTheirSum()
    {
        (string, string?)[] denials = [("OpenClaw:Edge:Events:Denials", "12"), ("OpenClaw:Edge:Events:Window", "00:10:00")];
        await using Stack stack = await Stack.StartAsync(redis, [.. Settings("one"), .. denials]);
        TestEdge second = await stack.AddEdgeAsync([.. Settings("two"), .. denials]);
        using HttpClient one = stack.Edge.CreateClient("test-key"), two = second.CreateClient("test-key");
        using HttpClient admin = second.CreateAdminClient();
        await Requests.CountAllowedAsync(10 + 7, _ => one.StatusAsync());
        await Requests.CountAllowedAsync(7, _ => two.StatusAsync());

        JsonElement denied = Assert.Single(await UntilAsync(admin, "/events?type=client.denied", events => events.Count > 0));

        Assert.Equal(("test", "rating", 600), (
            denied.GetProperty("client").GetString(), denied.GetProperty("policy").GetString(),
            denied.GetProperty("windowSeconds").GetInt32()));
        Assert.InRange(denied.GetProperty("denials").GetInt32(), 12, 14);
    }

    [Fact]
    public async Task StoreLostAndRestored_AreAppendedWhenItIsBack_WithTheTimesWhenTheyHappened()
    {
        Requires.RedisServer();
        await using RedisServer server = await RedisServer.StartAsync();
        (string, string?)[] settings = [.. Settings("one"), ("OpenClaw:Edge:Limiter:Deadline", "00:00:00.100")];
        await using Stack stack = await Stack.StartAsync(server.ConnectionString, settings);
        TestEdge second = await stack.AddEdgeAsync([.. settings, ("OpenClaw:Edge:Limiter:ReplicaName", "two")]);
        using HttpClient admin = stack.Edge.CreateAdminClient();

        server.Kill();
        await Poll.UntilAsync("the circuits are open", async () =>
        {
            await stack.Edge.Client.StatusAsync();
            await second.Client.StatusAsync();
            string health = await stack.Edge.Management.GetStringAsync("/health") + await second.Management.GetStringAsync("/health");
            return health.Split("Degraded").Length == 3;
        }, Patience);
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        DateTimeOffset back = DateTimeOffset.UtcNow;
        await server.RestartAsync();

        List<JsonElement> events = await UntilAsync(admin, "/events", events => events.Count >= 2);
        Assert.Equal(["store.restored", "store.lost"], events.Select(found => found.GetProperty("type").GetString()));
        Assert.True(events[1].GetProperty("time").GetDateTimeOffset() < back);
        Assert.True(events[0].GetProperty("time").GetDateTimeOffset() >= back - TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task Stream_Reconnected_GoesOnAfterTheLastEvent()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings("one"));
        using HttpClient admin = stack.Edge.CreateAdminClient();
        await admin.PostJsonAsync("/buckets/block", new { client = "test", seconds = 1 });
        await UntilAsync(admin, "/events", events => events.Count == 1);
        using StreamReader live = await OpenAsync(admin, null);
        await admin.PostJsonAsync("/buckets/unblock", new { client = "test" });

        (string id, JsonElement seen) = await ReadEventAsync(live);
        Assert.Equal("client.unblocked", seen.GetProperty("event").GetProperty("type").GetString());
        Assert.Equal(id, seen.GetProperty("streamId").GetString());
        await admin.PostJsonAsync("/buckets/reset", new { client = "test" });
        using StreamReader again = await OpenAsync(admin, id);
        Assert.Equal("client.reset", (await ReadEventAsync(again)).Data.GetProperty("event").GetProperty("type").GetString());

        using HttpRequestMessage malformed = new(HttpMethod.Get, "/events/stream");
        malformed.Headers.TryAddWithoutValidation("Last-Event-ID", "x");
        using HttpResponseMessage refused = await admin.SendAsync(malformed);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task Garnet_HasNoStreams_LimitsGoOnAndTheLogSaysItOnce()
    {
        using GarnetServer garnet = GarnetServer.Start();
        await using Stack stack = await Stack.StartAsync(garnet.ConnectionString, Settings("one"));
        using HttpClient test = stack.Edge.CreateClient("test-key"), silver = stack.Edge.CreateClient("silver-key");
        int allowed = await Requests.CountAllowedAsync(12, _ => test.StatusAsync());
        await Requests.CountAllowedAsync(50, _ => silver.StatusAsync());
        using HttpClient admin = stack.Edge.CreateAdminClient();

        await Poll.UntilAsync("the log says it", () => stack.Edge.Logs.GetSnapshot().Any(line => line.Id.Id == 600), Patience);
        await Poll.UntilAsync("usage is there", async () => (await admin.GetStringAsync("/usage")).Contains("\"store\":\"up\""), Patience);

        Assert.Equal(10, allowed);
        Assert.StartsWith(
            "Events cannot be kept in Redis: the server does not know a command",
            Assert.Single(stack.Edge.Logs.GetSnapshot(), line => line.Id.Id == 600).Message);
        Assert.DoesNotContain(stack.Edge.Logs.GetSnapshot(), line => line.Level >= LogLevel.Error);
    }

    private static (string, string?)[] Contacts =>
    [
        ("OpenClaw:Edge:Clients:test:Contacts:Emails:0", "ops@acme.example"),
        ("OpenClaw:Edge:Clients:test:Contacts:Webhook", "https://acme.example/hook"),
    ];

    private static (string, string?)[] Settings(string replica) =>
    [
        ("OpenClaw:Edge:Admin:Key", TestEdge.AdminKey), ("OpenClaw:Edge:Limiter:ReplicaName", replica),
        .. Requests.Bucket("rating", "burst", 10),
    ];

    private static async Task<StreamReader> OpenAsync(HttpClient admin, string? lastId)
    {
        HttpRequestMessage request = new(HttpMethod.Get, "/events/stream");
        if (lastId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastId);
        }

        // The headers come at once, although there may be no event yet: the first comment comes after 15 seconds.
        HttpResponseMessage answer = await admin.SendAsync(request, HttpCompletionOption.ResponseHeadersRead)
            .WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return new StreamReader(await answer.Content.ReadAsStreamAsync());
    }

    private static async Task<(string Id, JsonElement Data)> ReadEventAsync(StreamReader stream)
    {
        string id = "";
        while (await stream.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                id = line[4..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return (id, JsonElement.Parse(line[6..]));
            }
        }

        throw new EndOfStreamException();
    }

    private static async Task<List<JsonElement>> EventsAsync(HttpClient admin, string path) =>
    [
        .. (await admin.GetFromJsonAsync<JsonElement>(path)).GetProperty("events").EnumerateArray()
            .Select(found => found.GetProperty("event")),
    ];

    private static async Task<List<JsonElement>> UntilAsync(HttpClient admin, string path, Func<List<JsonElement>, bool> condition)
    {
        List<JsonElement> events = [];
        await Poll.UntilAsync(() => $"{path} is as expected; it has {string.Join(" ", events)}", () =>
        {
            events = EventsAsync(admin, path).GetAwaiter().GetResult();
            return condition(events);
        }, Patience);
        return events;
    }
}
