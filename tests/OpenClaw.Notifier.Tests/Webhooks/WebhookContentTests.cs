using System.Net.Mime;
using System.Text;
using System.Text.Json;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using OpenClaw.Notifier.Tests.Hosting;
using OpenClaw.TestServers;
using StandardWebhooks.Diagnostics;

namespace OpenClaw.Notifier.Tests.Webhooks;

public sealed class WebhookContentTests
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
        request.Verify(PartnerSecret.Of("acme"));
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
        oncall.Verify(PartnerSecret.Of("operator/oncall"));
        Assert.Throws<WebhookVerificationException>(() => oncall.Verify(PartnerSecret.Of("oncall")));
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
        request.Verify(PartnerSecret.Of("acme"));
        string[] signatures = request.Headers["webhook-signature"].ToString().Split(' ');
        Assert.Equal(2, signatures.Length);
        request.Headers["webhook-signature"] = signatures[1];
        request.Verify(PartnerSecret.Of("acme", TestSettings.OlderKey));
        Assert.Throws<WebhookVerificationException>(() => request.Verify(PartnerSecret.Of("acme")));
        Assert.Throws<WebhookVerificationException>(() => request.Verify(PartnerSecret.Of("other")));
    }
}
