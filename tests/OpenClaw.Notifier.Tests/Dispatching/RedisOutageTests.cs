using Microsoft.Extensions.Logging;
using OpenClaw.Notifier.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Notifier.Tests.Dispatching;

/// <summary>Redis fails and returns, with its data and without.</summary>
public sealed class RedisOutageTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Redis_RestartedWithItsData_LosesNothing()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync(
            new RedisServerOptions { Persistent = true, Arguments = ["--appendfsync", "always"] });
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        foreach (int path in Enumerable.Range(0, 5))
        {
            receiver.Answer($"{path}", async (context, number) =>
            {
                await Task.Delay(20);
                context.Response.StatusCode = number % 3 == 1 ? 503 : 200;
            });
        }

        await using TestNotifier notifier = await TestNotifier.StartAsync(redis);
        foreach (int i in Enumerable.Range(0, 100))
        {
            await log.AppendAsync(EventLog.Threshold($"{i}", receiver.At($"{i % 5}")));
        }

        await Poll.UntilAsync("some were delivered", () => receiver.Requests.Count >= 20, Limit);
        redis.Kill();
        using HttpClient client = new();
        await Poll.UntilAsync(
            "the notifier is unhealthy", async () => !(await client.GetAsync(new Uri(notifier.Management, "/health"))).IsSuccessStatusCode,
                Limit);
        await redis.RestartAsync(["--appendfsync", "always"]);
        await Poll.UntilAsync(
            "all were delivered", async () => (await log.ReadAsync("deliveries")).Count(receipt => receipt["status"] == "delivered") == 100,
                Limit);

        Assert.Equal(100, receiver.Requests.Select(request => request.Id).Distinct().Count());
        Assert.Empty(await log.LeftoversAsync());
        Assert.True((await client.GetAsync(new Uri(notifier.Management, "/health"))).IsSuccessStatusCode);
        Assert.Single(notifier.Logs.GetSnapshot(),
            record => record.Level == LogLevel.Warning && record.Message.StartsWith("Nobody is notified: ", StringComparison.Ordinal));
        Assert.Single(notifier.Logs.GetSnapshot(), record => record.Message == "Redis answers again.");
    }

    [Fact]
    public async Task Redis_RestartedWithoutItsData_DeliversWhatHappensThen()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using TestNotifier notifier = await TestNotifier.StartAsync(redis);
        await log.AppendAsync(EventLog.Threshold("before", receiver.At("acme")));
        await log.WaitForAsync("deliveries", 1);

        await redis.RestartAsync();
        await Poll.UntilAsync(
            "an event can be written",
            async () => await log.AppendAsync(EventLog.Threshold("after", receiver.At("acme"))) is not null,
            Limit);
        await log.WaitForAsync("deliveries", 1);

        Assert.Equal(["before", "after"], receiver.Requests.Select(request => request.Id).Distinct());
    }

    [Fact]
    public async Task Redis_AwayWhenADeliveryEnds_IsToldLaterThatItWasMade()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync(
            new RedisServerOptions { Persistent = true, Arguments = ["--appendfsync", "always"] });
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TaskCompletionSource answer = new();
        receiver.Answer("acme", (_, _) => answer.Task);
        await using TestNotifier notifier = await TestNotifier.StartAsync(redis);

        await log.AppendAsync(EventLog.Threshold("one", receiver.At("acme")));
        await Poll.UntilAsync("the receiver was asked", () => receiver.Requests.Count == 1, Limit);
        redis.Kill();
        answer.SetResult();
        await Poll.UntilAsync(
            "the outage was noticed", () => notifier.Logs.GetSnapshot().Any(record => record.Level == LogLevel.Warning), Limit);
        await redis.RestartAsync(["--appendfsync", "always"]);
        await log.WaitForAsync("deliveries", 1);

        Assert.Single(receiver.Requests);
    }
}
