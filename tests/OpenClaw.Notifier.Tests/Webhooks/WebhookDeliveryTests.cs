using System.Net.Mime;
using System.Text;
using System.Text.Json;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using Microsoft.AspNetCore.Http;
using OpenClaw.Notifier.Commands;
using OpenClaw.Notifier.Tests.Hosting;
using OpenClaw.TestServers;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;

namespace OpenClaw.Notifier.Tests.Webhooks;

/// <summary>Webhooks from the event in Redis to a real receiver.</summary>
public sealed class WebhookDeliveryTests
{
    [Fact]
    public async Task Event_OfAClient_IsASignedCloudEventWithoutInternalMembers()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using TestNotifier notifier = await TestNotifier.StartAsync(redis);
        Dictionary<string, object?> happened = EventLog.Threshold("threshold/rating/burst/client/acme/80/1", receiver.At("acme"));
        happened["operator"] = "alice@example.com";
        happened["reason"] = "because";

        await log.AppendAsync(happened);
        Dictionary<string, string>[] receipts = await log.WaitForAsync("deliveries", 1);

        ReceivedWebhook request = Assert.Single(receiver.Requests);
        Verify(request, Secret("acme"));
        Assert.Equal("threshold/rating/burst/client/acme/80/1", request.Id);
        Assert.Equal("application/cloudevents+json; charset=utf-8", request.Headers["Content-Type"].ToString());
        CloudEvent cloudEvent = new JsonEventFormatter().DecodeStructuredModeMessage(
            Encoding.UTF8.GetBytes(request.Body), new ContentType(request.Headers["Content-Type"].ToString()), null);
        Assert.Equal(request.Id, cloudEvent.Id);
        Assert.Equal("client.threshold", cloudEvent.Type);
        Assert.Equal("/openclaw", cloudEvent.Source!.ToString());
        Assert.Equal("acme", cloudEvent.Subject);
        Assert.Equal(
            ["bucket", "capacity", "client", "policy", "refillPerSecond", "remaining", "threshold", "windowSeconds"],
            ((JsonElement)cloudEvent.Data!).EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            ("threshold/rating/burst/client/acme/80/1", "webhook", receiver.At("acme"), "delivered", "1", ""),
            (receipts[0]["id"], receipts[0]["channel"], receipts[0]["to"], receipts[0]["status"], receipts[0]["attempts"],
                receipts[0]["error"]));
        Assert.Empty(await log.LeftoversAsync());
    }

    [Fact]
    public async Task Event_ToOperators_SaysWhoAndWhyAndGoesToTheChosenTypes()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using TestNotifier notifier = await TestNotifier.StartAsync(
            redis,
            $"Operators:oncall:Webhook={receiver.At("oncall")}", "Operators:oncall:Types:0=store.lost",
            $"Operators:team:Webhook={receiver.At("team")}");
        Dictionary<string, object?> lost = new()
        {
            ["id"] = "lost",
            ["type"] = "store.lost",
            ["time"] = DateTimeOffset.UtcNow,
            ["operator"] = "alice",
            ["replica"] = "edge-1",
        };

        await log.AppendAsync(EventLog.Threshold("one"));
        await log.AppendAsync(lost);
        await log.WaitForAsync("deliveries", 3);

        ReceivedWebhook oncall = Assert.Single(receiver.To("oncall"));
        Assert.Equal("lost", oncall.Id);
        Verify(oncall, Secret("operator/oncall"));
        Assert.Throws<WebhookVerificationException>(() => Verify(oncall, Secret("oncall")));
        Assert.Contains("\"operator\":\"alice\"", oncall.Body, StringComparison.Ordinal);
        Assert.Contains("\"replica\":\"edge-1\"", oncall.Body, StringComparison.Ordinal);
        Assert.Equal(["lost", "one"], receiver.To("team").Select(request => request.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Signature_TwoKeys_VerifiesWithTheSecretOfEither()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using TestNotifier notifier = await TestNotifier.StartAsync(redis, $"Webhooks:SigningKeys:1={TestSettings.OlderKey}");

        await log.AppendAsync(EventLog.Threshold("one", receiver.At("acme")));
        await log.WaitForAsync("deliveries", 1);

        // This library looks at the first signature only, so each is shown to it alone.
        ReceivedWebhook request = Assert.Single(receiver.Requests);
        Verify(request, Secret("acme"));
        string[] signatures = request.Headers["webhook-signature"].ToString().Split(' ');
        Assert.Equal(2, signatures.Length);
        request.Headers["webhook-signature"] = signatures[1];
        Verify(request, Secret("acme", TestSettings.OlderKey));
        Assert.Throws<WebhookVerificationException>(() => Verify(request, Secret("acme")));
        Assert.Throws<WebhookVerificationException>(() => Verify(request, Secret("other")));
    }

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

        // The good receiver was told once.
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
        Verify(receiver.To("acme")[^1], Secret("acme"));
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

    [Theory]
    [InlineData(
        "127.0.0.1", "127.0.0.1 is at 127.0.0.1, which is not public; Webhooks:AllowedNetworks names the networks that are allowed")]
    [InlineData("[::ffff:127.0.0.1]", "is at ::ffff:127.0.0.1, which is not public")]
    [InlineData("localhost", "localhost is at ")]
    [InlineData("2130706433", "127.0.0.1 is at 127.0.0.1")]
    public async Task Address_NotPublic_IsNotReached(string host, string error)
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using TestNotifier notifier = await TestNotifier.StartAsync(redis, "Webhooks:AllowedNetworks:0=192.0.2.1");

        await log.AppendAsync(EventLog.Threshold("one", receiver.At("acme").Replace("127.0.0.1", host, StringComparison.Ordinal)));
        Dictionary<string, string> dead = Assert.Single(await log.WaitForAsync("dead", 1));

        Assert.Contains(error, dead["error"], StringComparison.Ordinal);
        Assert.Equal("1", dead["attempts"]);
        Assert.Empty(receiver.Requests);
    }

    [Theory]
    [InlineData("http://hooks.acme.example/", "must begin with https; Webhooks:AllowHttp allows http too")]
    [InlineData("https://user:pass@hooks.acme.example/", "must not contain a user or password")]
    [InlineData("file:///etc/passwd", "must be an absolute https address")]
    [InlineData("gopher://hooks.acme.example/", "must begin with https")]
    public async Task Address_NotValid_IsADeadLetter(string address, string error)
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using TestNotifier notifier = await TestNotifier.StartAsync(redis, "Webhooks:AllowHttp=false");

        await log.AppendAsync(EventLog.Threshold("one", address));

        Assert.Contains(error, Assert.Single(await log.WaitForAsync("dead", 1))["error"], StringComparison.Ordinal);
    }

    private static void Verify(ReceivedWebhook request, string secret) => new StandardWebhook(secret).Verify(request.Body, request.Headers);

    // As the partner gets it from us.
    private static string Secret(string receiver, string key = TestSettings.Key)
    {
        using StringWriter output = new();
        int code = WebhookSecretCommand.Run(
            [receiver, $"--OpenClaw:Notifier:Webhooks:SigningKeys:0={key}"],
            settings => Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(settings).Configuration,
            output,
            TextWriter.Null);
        Assert.Equal(0, code);
        return output.ToString().Trim();
    }
}
