using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpenClaw.Notifier.Tests.Hosting;
using OpenClaw.TestServers;
using StackExchange.Redis;

namespace OpenClaw.Notifier.Tests.Dispatching;

/// <summary>Deliveries that are given up without an attempt: jobs of another version, and receivers whose queue is full.</summary>
public sealed class DeadLetterTests
{
    private const string Unreadable = "the job cannot be read by this version";
    private const string Full = "this receiver's queue is full";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("not JSON")]
    [InlineData("null")]
    [InlineData("""{"Receivers":["client/acme"],"Body":"{}"}""")]
    [InlineData("""{"Names":["client/acme"],"Event":{"id":"old"},"IsRepeated":false}""")]
    [InlineData("""{"Names":[null],"Event":"{}","IsRepeated":false}""")]
    public async Task Job_OfAnotherVersion_IsADeadLetterWithItsTextAndTheNextIsDelivered(string job)
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await QueueAsync(log, "openclaw:", receiver.At("acme"), "old", job);
        await log.AppendAsync(EventLog.Threshold("new", receiver.At("acme")));

        await using TestNotifier notifier = await TestNotifier.StartAsync(redis, "Webhooks:MaxPerReceiver=1");
        await log.WaitForAsync("deliveries", 2);

        Dictionary<string, string> dead = Assert.Single(await log.ReadAsync("dead"));
        Assert.Equal((Unreadable, job, "old"), (dead["error"], dead["event"], dead["id"]));
        Assert.Equal("new", Assert.Single(receiver.Requests).Id);
        Assert.Empty(await log.LeftoversAsync());
    }

    [Fact]
    public async Task Job_EventCannotBeRead_IsADeadLetterWithTheEvent()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await QueueAsync(
            log, "openclaw:", receiver.At("acme"), "old", """{"Names":["client/acme"],"Event":"an event","IsRepeated":false}""");

        await using TestNotifier notifier = await TestNotifier.StartAsync(redis);

        Dictionary<string, string> dead = Assert.Single(await log.WaitForAsync("dead", 1));
        Assert.Equal((Unreadable, "an event"), (dead["error"], dead["event"]));
    }

    [Fact]
    public async Task Retry_OfAnUnreadableJob_IsKeptUntilAVersionReadsIt()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using TestNotifier notifier = await TestNotifier.StartAsync(redis);
        string happened = JsonSerializer.Serialize(EventLog.Threshold("one", receiver.At("acme")));
        string readable = JsonSerializer.Serialize(new { Names = (string[])["client/acme"], Event = happened, IsRepeated = false });

        await RetryAsync(log, receiver.At("acme"), "other", "not JSON");
        await RetryAsync(log, receiver.At("acme"), "one", readable);
        await log.WaitForAsync("deliveries", 2);

        Assert.Equal("one", Assert.Single(receiver.Requests).Id);
        Dictionary<string, string> dead = Assert.Single(await log.ReadAsync("dead"));
        Assert.Equal((Unreadable, "not JSON", "other"), (dead["error"], dead["event"], dead["id"]));
    }

    [Fact]
    public async Task Receiver_QueueFull_IsADeadLetterAndOthersGoOn()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerWith("down", 503, 503, 200);
        await using TestNotifier notifier = await TestNotifier.StartAsync(
            redis, "Queue:MaxPending=4", "Queue:MaxPerReceiver=2", "Retry:FirstDelay=01:00:00", "Retry:MaxDelay=01:00:00",
            $"Operators:oncall:Webhook={receiver.At("down")}");

        // One after another, so that the client's queue is never full.
        foreach (int i in Enumerable.Range(0, 6))
        {
            await log.AppendAsync(EventLog.Threshold($"{i}", receiver.At("up")));
            await Poll.UntilAsync(
                "the client got the event",
                async () => (await log.ReadAsync("deliveries")).Count(receipt => receipt["status"] == "delivered") == i + 1,
                Limit);
        }

        Dictionary<string, string>[] dead = await log.WaitForAsync("dead", 4);

        Assert.Equal(["2", "3", "4", "5"], dead.Select(letter => letter["id"]));
        Assert.All(dead, letter => Assert.Equal((Full, receiver.At("down"), "webhook", "0"),
            (letter["error"], letter["to"], letter["channel"], letter["attempts"])));
        Assert.Equal(4, (await log.ReadAsync("deliveries")).Count(receipt => receipt["error"] == Full && receipt["status"] == "failed"));
        Assert.Equal(4, notifier.Logs.GetSnapshot().Count(record => record.Level == LogLevel.Warning
            && record.Message.StartsWith("operator/oncall was not notified of a client.threshold by webhook: ", StringComparison.Ordinal)));
        Assert.Equal("0", (await redis.ExecuteAsync("XPENDING", "openclaw:{events}", "notifier")).Split('\n')[0]);

        // Makes room in the queue, then retries a dead letter.
        await log.Database.KeyDeleteAsync(
            [$"openclaw:{{events}}:webhook:queue:{receiver.At("down")}", $"openclaw:{{events}}:webhook:jobs:{receiver.At("down")}"]);
        await log.Database.KeyDeleteAsync("openclaw:{events}:webhook:pending");
        await RetryAsync(log, receiver.At("down"), dead[0]["id"], dead[0]["event"]);
        await Poll.UntilAsync("the operators got it", () => receiver.To("down").Any(request => request.Id == "2"), Limit);
    }

    [Fact]
    public async Task DeadLetter_UnderAnotherPrefix_IsLoggedWithItsStream()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using TestNotifier notifier = await TestNotifier.StartAsync(redis, "KeyPrefix=staging:");
        await QueueAsync(log, "staging:", "https://acme.example/", "old", "not JSON");

        await Poll.UntilAsync(
            "the log names the stream",
            () => notifier.Logs.GetSnapshot().Any(
                record => record.Message.EndsWith(" of staging:{events}:dead.", StringComparison.Ordinal)),
            Limit);
    }

    // As enqueue.lua does.
    private static async Task QueueAsync(EventLog log, string prefix, string to, string id, string job)
    {
        await log.Database.HashSetAsync($"{prefix}{{events}}:webhook:jobs:{to}", $"job:{id}", job);
        await log.Database.SortedSetAddAsync($"{prefix}{{events}}:webhook:queue:{to}", id, 1);
        await log.Database.SortedSetAddAsync($"{prefix}{{events}}:webhook:pending", $"{to}\n{id}", 1);
        await log.Database.SortedSetAddAsync($"{prefix}{{events}}:webhook:due", to, 1);
    }

    // As the edge's admin API does.
    private static Task<RedisValue> RetryAsync(EventLog log, string to, string id, string happened) => log.Database.StreamAddAsync(
        "openclaw:{events}:retry", [new("id", id), new("channel", "webhook"), new("to", to), new("event", happened)]);
}
