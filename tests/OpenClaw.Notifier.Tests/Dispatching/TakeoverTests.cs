using OpenClaw.Notifier.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Notifier.Tests.Dispatching;

/// <summary>Several notifiers, and notifiers that crash: nothing is lost, and repeated deliveries have the id of the first.</summary>
public sealed class TakeoverTests
{
    [Fact]
    public async Task Events_TwoReplicas_AreDeliveredOnceEach()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using TestNotifier one = await TestNotifier.StartAsync(redis, "Name=one", "Queue:TakeOverAfter=00:01:00");
        await using TestNotifier other = await TestNotifier.StartAsync(redis, "Name=other", "Queue:TakeOverAfter=00:01:00");

        await Task.WhenAll(Enumerable.Range(0, 300).Select(
            i => log.AppendAsync(EventLog.Threshold($"{i}", receiver.At($"{i % 7}"), $"{i % 5}@acme.example"))));
        await log.WaitForAsync("deliveries", 600, seconds: 40);

        Assert.Equal(300, receiver.Requests.Count);
        Assert.Equal(300, receiver.Requests.Select(request => request.Id).Distinct().Count());
        Assert.Equal(300, one.Mails.Length + other.Mails.Length);
        Assert.Empty(await log.LeftoversAsync());
    }

    [Fact]
    public async Task Notifier_KilledWhileItDelivers_LosesNothing()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        string folder = Directory.CreateTempSubdirectory("openclaw-mails-").FullName;
        foreach (int path in Enumerable.Range(0, 5))
        {
            receiver.Answer($"{path}", (_, _) => Task.Delay(30));
        }

        using NotifierProcess first = await NotifierProcess.StartAsync(redis.ConnectionString, folder, null, "Name=first");
        await first.StartedAsync();
        foreach (int i in Enumerable.Range(0, 200))
        {
            await log.AppendAsync(EventLog.Threshold($"{i}", receiver.At($"{i % 5}"), $"{i % 3}@acme.example"));
        }

        await Poll.UntilAsync("some were delivered", () => receiver.Requests.Count >= 20, TimeSpan.FromSeconds(20));
        first.Kill();
        Assert.InRange(receiver.Requests.Count, 20, 199);
        using NotifierProcess second = await NotifierProcess.StartAsync(redis.ConnectionString, folder, null, "Name=second");
        await log.WaitForAsync("deliveries", 400, seconds: 40);

        string[] ids = [.. receiver.Requests.Select(request => request.Id)];
        Assert.Equal(200, ids.Distinct().Count());

        // At most the deliveries under way at the crash: four to each of five receivers.
        Assert.InRange(ids.Length - 200, 0, 20);
        Assert.Equal(200, Directory.GetFiles(folder, "*.eml").Length);
        Assert.Equal(400, (await log.ReadAsync("deliveries")).Length);
        Assert.Empty(await log.LeftoversAsync());
        await second.StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Notifier_Stopped_LeavesItsReceiversToOthersAtOnce()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        receiver.Answer("acme", (_, _) => Task.Delay(50));
        await using TestNotifier one = await TestNotifier.StartAsync(redis, "Queue:TakeOverAfter=01:00:00");
        foreach (int i in Enumerable.Range(0, 40))
        {
            await log.AppendAsync(EventLog.Threshold($"{i}", receiver.At("acme")));
        }

        await Poll.UntilAsync("some were delivered", () => receiver.Requests.Count >= 8, TimeSpan.FromSeconds(10));
        await one.StopAsync();
        await using TestNotifier other = await TestNotifier.StartAsync(redis, "Queue:TakeOverAfter=01:00:00");
        await log.WaitForAsync("deliveries", 40);

        Assert.Equal(40, receiver.Requests.Count);
    }

    [Fact]
    public async Task Events_OfOneReceiverInARow_WaitForNoLease()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using TestNotifier notifier = await TestNotifier.StartAsync(
            redis, "Queue:TakeOverAfter=01:00:00", "Webhooks:MaxPerReceiver=1", "Events:PollInterval=00:00:00.010");

        foreach (int i in Enumerable.Range(0, 400))
        {
            await log.AppendAsync(EventLog.Threshold($"{i}", receiver.At("acme")));
        }

        await log.WaitForAsync("deliveries", 400, seconds: 20);
        Assert.Equal(400, receiver.Requests.Count);
    }

    [Fact]
    public async Task Entry_ReadByANotifierThatDied_IsTakenOver()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await log.AppendAsync(EventLog.Threshold("one", receiver.At("acme")));
        await redis.ExecuteAsync("XGROUP", "CREATE", "openclaw:{events}", "notifier", "0");
        await redis.ExecuteAsync("XREADGROUP", "GROUP", "notifier", "dead", "STREAMS", "openclaw:{events}", ">");

        await using TestNotifier notifier = await TestNotifier.StartAsync(redis);
        await log.WaitForAsync("deliveries", 1);

        Assert.Equal("one", Assert.Single(receiver.Requests).Id);
        Assert.Equal("0", (await redis.ExecuteAsync("XPENDING", "openclaw:{events}", "notifier")).Split('\n')[0]);
        Assert.Contains(notifier.Logs.GetSnapshot(),
            record => record.Message.StartsWith("1 entries of the event stream were taken over", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lease_OfASlowReceiver_IsRenewed()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        receiver.Answer("acme", (_, _) => Task.Delay(TimeSpan.FromSeconds(2.5)));
        await using TestNotifier one = await TestNotifier.StartAsync(redis, "Name=one");
        await using TestNotifier other = await TestNotifier.StartAsync(redis, "Name=other");

        // A lease is one second.
        await log.AppendAsync(EventLog.Threshold("one", receiver.At("acme")));
        await log.WaitForAsync("deliveries", 1);

        Assert.Single(receiver.Requests);
    }
}
