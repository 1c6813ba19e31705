using System.Text.Json;
using OpenClaw.Notifier.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Notifier.Tests.Webhooks;

/// <summary>Webhooks from the event in Redis to a real receiver.</summary>
public sealed class WebhookDeliveryTests
{
    [Fact]
    public async Task Event_AppendedTwice_IsDeliveredOnce()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using TestNotifier notifier = await TestNotifier.StartAsync(redis);

        await log.AppendAsync(EventLog.Threshold("one", receiver.At("acme")));
        await log.WaitForAsync("deliveries", 1);
        await log.AppendAsync(EventLog.Threshold("one", receiver.At("acme")));
        await log.AppendAsync(EventLog.Threshold("two", receiver.At("acme")));
        await log.WaitForAsync("deliveries", 2);

        Assert.Equal(["one", "two"], receiver.Requests.Select(request => request.Id));
    }

    [Fact]
    public async Task Receiver_FailsTwice_IsTriedAgainWithTheSameId()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerWith("acme", 500, 429, 200);
        await using TestNotifier notifier = await TestNotifier.StartAsync(redis);

        await log.AppendAsync(EventLog.Threshold("one", receiver.At("acme"), "ops@acme.example"));
        Dictionary<string, string>[] receipts = await log.WaitForAsync("deliveries", 3);

        Assert.Equal(["one", "one", "one"], receiver.Requests.Select(request => request.Id));
        Assert.Equal(
            ["delivered 3 ", "failed 1 500"],
            receipts.Where(receipt => receipt["channel"] == "webhook")
                .Select(receipt => $"{receipt["status"]} {receipt["attempts"]} {receipt["error"]}").Order(StringComparer.Ordinal));

        // The working receiver was notified once.
        Assert.Single(notifier.Mails);
        Assert.Empty(await log.ReadAsync("dead"));
    }

    [Fact]
    public async Task Receiver_FailsAlways_BecomesADeadLetterThatCanBeRepeated()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerWith("acme", 500, 500, 500, 200);
        await using TestNotifier notifier = await TestNotifier.StartAsync(redis, "Retry:MaxAttempts=3");
        Dictionary<string, object?> happened = EventLog.Threshold("one", receiver.At("acme"), "ops@acme.example");

        await log.AppendAsync(happened);
        Dictionary<string, string> dead = Assert.Single(await log.WaitForAsync("dead", 1));
        Assert.Equal(("one", "webhook", receiver.At("acme"), "500", "3"),
            (dead["id"], dead["channel"], dead["to"], dead["error"], dead["attempts"]));
        Assert.Equal(JsonSerializer.Serialize(happened), dead["event"]);
        Assert.DoesNotContain(
            notifier.Logs.GetSnapshot(), record => record.Message.Contains(receiver.At("acme"), StringComparison.Ordinal));

        // As the admin API does, long after the event.
        happened["time"] = "2020-01-01T00:00:00Z";
        await log.Database.StreamAddAsync(
            "openclaw:{events}:retry",
            [new("id", "one"), new("channel", "webhook"), new("to", receiver.At("acme")),
                new("event", JsonSerializer.Serialize(happened))]);
        await log.WaitForAsync("deliveries", 4);

        Assert.Equal(4, receiver.To("acme").Length);
        receiver.To("acme")[^1].Verify(PartnerSecret.Of("acme"));
        Assert.Single(notifier.Mails);
        Assert.Empty(await log.LeftoversAsync());
    }

    [Theory]
    [InlineData(410, "410: the receiver wants no more", 1)]
    [InlineData(302, "302: redirects are not followed", 2)]
    [InlineData(404, "404", 2)]
    public async Task Receiver_AnswersOtherwise_IsADeadLetterAfter(int status, string error, int attempts)
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        receiver.Answer("acme", (context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = receiver.At("private");
            return Task.CompletedTask;
        });
        await using TestNotifier notifier = await TestNotifier.StartAsync(redis, "Retry:MaxAttempts=2");

        await log.AppendAsync(EventLog.Threshold("one", receiver.At("acme")));
        Dictionary<string, string> dead = Assert.Single(await log.WaitForAsync("dead", 1));

        Assert.Equal((error, $"{attempts}"), (dead["error"], dead["attempts"]));
        Assert.Equal(attempts, receiver.Requests.Count);
        Assert.Empty(receiver.To("private"));
    }

    [Fact]
    public async Task Receiver_LiesAboutItsBody_IsToldOnce()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        receiver.Answer("short", async (context, _) =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.Body.WriteAsync(new byte[10]);
            await context.Response.Body.FlushAsync();

            // A reset at once could take the status with it.
            await Task.Delay(200);
            context.Abort();
        });
        receiver.Answer("endless", async (context, _) =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[64 * 1024], context.RequestAborted);
            }
        });
        receiver.Answer("nothing", (context, number) =>
        {
            if (number == 1)
            {
                context.Abort();
            }

            return Task.CompletedTask;
        });
        await using TestNotifier notifier = await TestNotifier.StartAsync(redis);

        await log.AppendAsync(EventLog.Threshold("one", receiver.At("short")));
        await log.AppendAsync(EventLog.Threshold("two", receiver.At("endless")));
        await log.AppendAsync(EventLog.Threshold("three", receiver.At("nothing")));
        Dictionary<string, string>[] receipts = await log.WaitForAsync("deliveries", 4);

        Assert.Equal(
            ["one delivered 1", "three delivered 2", "three failed 1", "two delivered 1"],
            receipts.Select(receipt => $"{receipt["id"]} {receipt["status"]} {receipt["attempts"]}").Order(StringComparer.Ordinal));
        Assert.Equal(["one", "three", "three", "two"], receiver.Requests.Select(request => request.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Receiver_IsSlow_HoldsUpNobodyElseAndTimesOut()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        receiver.Answer("slow", (context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using TestNotifier notifier = await TestNotifier.StartAsync(
            redis, "Webhooks:Timeout=00:00:02", "Webhooks:MaxReceivers=2", "Webhooks:MaxPerReceiver=3", "Retry:MaxAttempts=1");

        for (int i = 0; i < 20; i++)
        {
            await log.AppendAsync(EventLog.Threshold($"slow{i}", receiver.At("slow")));
        }

        for (int i = 0; i < 20; i++)
        {
            await log.AppendAsync(EventLog.Threshold($"quick{i}", receiver.At("quick")));
        }

        await Poll.UntilAsync("the quick one was told", () => receiver.To("quick").Length == 20, TimeSpan.FromSeconds(10));
        Assert.Empty(await log.ReadAsync("dead"));
        Assert.InRange(receiver.To("slow").Length, 1, 3);
        Dictionary<string, string>[] dead = await log.WaitForAsync("dead", 1);
        Assert.Equal("no answer within 2 s", dead[0]["error"]);
    }

    [Theory]
    [InlineData("1", "00:01:00", 0.9, 10)]
    [InlineData("3600", "00:00:00.5", 0.45, 10)]
    public async Task Receiver_AsksToWait_IsTriedNoSoonerUpToTheBound(string retryAfter, string bound, double least, double most)
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        receiver.Answer("acme", (context, number) =>
        {
            context.Response.StatusCode = number == 1 ? 503 : 200;
            context.Response.Headers.RetryAfter = retryAfter;
            return Task.CompletedTask;
        });
        await using TestNotifier notifier = await TestNotifier.StartAsync(redis, $"Retry:MaxRetryAfter={bound}");

        await log.AppendAsync(EventLog.Threshold("one", receiver.At("acme")));
        await log.WaitForAsync("deliveries", 2);

        ReceivedWebhook[] requests = [.. receiver.Requests];
        Assert.Equal(2, requests.Length);
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(requests[0].At, requests[1].At).TotalSeconds, least, most);
    }
}
