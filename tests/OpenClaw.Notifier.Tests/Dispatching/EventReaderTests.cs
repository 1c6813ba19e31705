using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Hosting;
using OpenClaw.Notifier.Dispatching;
using OpenClaw.Notifier.Telemetry;
using OpenClaw.Notifier.Tests.Hosting;
using OpenClaw.TestServers;
using StackExchange.Redis;

namespace OpenClaw.Notifier.Tests.Dispatching;

/// <summary>Reading the stream, and the metrics of it.</summary>
public sealed class EventReaderTests
{
    private const string Repeated =
        """{"type":"client.blocked","time":"2026-11-28T10:00:00Z","client":"acme","contacts":{"emails":[],"emails":[]}}""";

    [Fact]
    public async Task Entry_ThatIsNoEvent_IsLeftOut()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        foreach (string json in (
            string[])["", "{", "[]", "null", "{}", Repeated, """{"type":"client.blocked","time":"yesterday"}""", """{"type":1,"time":2}"""])
        {
            await log.Database.StreamAddAsync("openclaw:{events}", [new("id", "x"), new("event", json)]);
        }

        await log.Database.StreamAddAsync("openclaw:{events}", [new NameValueEntry("other", "1")]);
        await log.AppendAsync(EventLog.Threshold("one", receiver.At("acme")));
        await using TestNotifier notifier = await TestNotifier.StartAsync(redis);
        await log.WaitForAsync("deliveries", 1);

        Assert.Equal(9, notifier.Logs.GetSnapshot().Count(
            record => record.Message.Contains("of the event stream was skipped", StringComparison.Ordinal)));
        Assert.Equal("0", (await redis.ExecuteAsync("XPENDING", "openclaw:{events}", "notifier")).Split('\n')[0]);
    }

    [Fact]
    public async Task Event_UnderAnotherPrefix_IsDeliveredThere()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using TestNotifier notifier = await TestNotifier.StartAsync(redis, "KeyPrefix=staging:");

        string json = JsonSerializer.Serialize(EventLog.Threshold("one", receiver.At("acme")));
        await log.Database.StreamAddAsync("staging:{events}", [new("id", "one"), new("event", json)]);
        await Poll.UntilAsync(
            "a receipt lies under the prefix",
            async () => await log.Database.StreamLengthAsync("staging:{events}:deliveries") == 1,
            TimeSpan.FromSeconds(15));

        Assert.Single(receiver.Requests);
        Assert.Empty(await redis.ExecuteAsync("KEYS", "openclaw:*"));
    }

    [Fact]
    public async Task Event_OlderThanTheBound_IsADeadLetter()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using TestNotifier notifier = await TestNotifier.StartAsync(redis);
        Dictionary<string, object?> happened = EventLog.Threshold("one", receiver.At("acme"));
        happened["time"] = "2020-01-01T00:00:00Z";

        await log.AppendAsync(happened);

        Assert.Equal("the event is older than 1.00:00:00", Assert.Single(await log.WaitForAsync("dead", 1))["error"]);
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task Queue_Full_LeavesEventsInTheStream()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TaskCompletionSource answer = new();
        receiver.Answer("acme", (_, _) => answer.Task);
        await using TestNotifier notifier = await TestNotifier.StartAsync(redis, "Queue:MaxPending=1", "Queue:MaxPerReceiver=1");

        await log.AppendAsync(EventLog.Threshold("one", receiver.At("acme")));
        await Poll.UntilAsync("the receiver was asked", () => receiver.Requests.Count == 1, TimeSpan.FromSeconds(10));
        await log.AppendAsync(EventLog.Threshold("two", receiver.At("acme")));
        await Poll.UntilAsync(
            "the log says so",
            () => notifier.Logs.GetSnapshot().Any(record => record.Message.StartsWith("1 deliveries wait", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(10));
        answer.SetResult();
        await log.WaitForAsync("deliveries", 2);

        Assert.Equal(2, receiver.Requests.Count);
    }

    [Fact]
    public async Task Event_WithContactsOfAnotherKind_IsReadAndTheNextToo()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using TestNotifier notifier = await TestNotifier.StartAsync(redis);
        Dictionary<string, object?> happened = EventLog.Threshold("one");
        happened["contacts"] = "nobody";

        await log.AppendAsync(happened);
        await log.AppendAsync(EventLog.Threshold("two", receiver.At("acme")));
        await log.WaitForAsync("deliveries", 1);

        Assert.Equal("two", Assert.Single(receiver.Requests).Id);
    }

    [Fact]
    public async Task Metrics_OfDeliveries_CountOutcomesPendingAndLag()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerWith("flaky", 500, 200);
        receiver.AnswerWith("gone", 410);
        receiver.AnswerWith("down", 503);
        await using TestNotifier notifier = await TestNotifier.StartAsync(redis, "Retry:FirstDelay=01:00:00", "Retry:MaxDelay=01:00:00");
        IMeterFactory meters = notifier.Services.GetRequiredService<IMeterFactory>();
        using MetricCollector<long> deliveries = new(meters, NotifierMetrics.MeterName, "openclaw.notifier.deliveries");
        using MetricCollector<long> dead = new(meters, NotifierMetrics.MeterName, "openclaw.notifier.dead_letters");
        using MetricCollector<long> pending = new(meters, NotifierMetrics.MeterName, "openclaw.notifier.pending");
        using MetricCollector<double> lag = new(meters, NotifierMetrics.MeterName, "openclaw.notifier.lag");

        await log.AppendAsync(EventLog.Threshold("one", receiver.At("good"), "ops@acme.example"));
        await log.AppendAsync(EventLog.Threshold("two", receiver.At("gone")));
        await log.AppendAsync(EventLog.Threshold("three", receiver.At("down")));
        await log.WaitForAsync("deliveries", 4);
        await Poll.UntilAsync(
            "the oldest is known",
            async () =>
            {
                await notifier.Services.GetServices<IHostedService>().OfType<QueueObserver>().Single().ObserveAsync();
                pending.RecordObservableInstruments();
                lag.RecordObservableInstruments();
                return lag.LastMeasurement!.Value > 0 && pending.LastMeasurement!.Value == 1;
            },
            TimeSpan.FromSeconds(5));

        Assert.Equal(
            ["email delivered", "webhook dead", "webhook delivered", "webhook failed"],
            deliveries.GetMeasurementSnapshot().Select(measured => $"{measured.Tags["channel"]} {measured.Tags["outcome"]}").Order(
                StringComparer.Ordinal));
        Assert.Equal("webhook", Assert.Single(dead.GetMeasurementSnapshot()).Tags["channel"]);
    }

    [Fact]
    public async Task Redis_WithoutStreams_IsSaidOnce()
    {
        using GarnetServer garnet = GarnetServer.Start();
        await using TestNotifier notifier = await TestNotifier.StartAsync(garnet.ConnectionString);
        using HttpClient client = new();

        await Poll.UntilAsync(
            "the health says why",
            async () => (await client.GetStringAsyncOrBody(new Uri(notifier.Management, "/health"))).Contains(
                "has no stream commands", StringComparison.Ordinal),
            TimeSpan.FromSeconds(10));

        Assert.Single(notifier.Logs.GetSnapshot(), record => record.Category == typeof(RedisState).FullName
            && record.Message.Contains("has no stream commands", StringComparison.Ordinal));
    }
}
