using OpenClaw.Notifier.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Notifier.Tests.Webhooks;

public sealed class WebhookUrlTests
{
    [Theory]
    [InlineData(
        "127.0.0.1", "127.0.0.1 is at 127.0.0.1, which is not public; Webhooks:AllowedNetworks lists further allowed networks")]
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
}
