using Microsoft.Extensions.Logging;
using OpenClaw.Notifier.Dispatching;
using OpenClaw.Notifier.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Notifier.Tests.Dispatching;

/// <summary>Loops that fail unexpectedly, and receivers that are claimed again at once.</summary>
public sealed class DispatcherTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("-- Leases receivers with due deliveries", "webhook")]
    [InlineData("-- Puts an event into the queue", "events")]
    public async Task Loop_UnexpectedException_IsReportedAndTheLoopGoesOn(string script, string loop)
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        bool isBroken = true;
        await using TestNotifier notifier = await TestNotifier.StartAsync(redis.ConnectionString, services => HeldRedis.HoldQueue(
            services,
            (line, reply) => line.StartsWith(script, StringComparison.Ordinal) && Volatile.Read(ref isBroken)
                ? throw new InvalidCastException()
                : reply));
        using HttpClient client = new();
        Uri health = new(notifier.Management, "/health");

        await log.AppendAsync(EventLog.Threshold("one", receiver.At("acme"), "ops@acme.example"));
        await Poll.UntilAsync(
            "the health names the loop",
            async () => (await client.GetStringAsyncOrBody(health)).Contains($"the loop '{loop}' failed", StringComparison.Ordinal),
            Limit);
        Assert.Single(notifier.Logs.GetSnapshot(), record => record.Level == LogLevel.Error
            && record.Category == typeof(RedisState).FullName && record.Message.Contains(loop, StringComparison.Ordinal));
        Volatile.Write(ref isBroken, false);

        await log.WaitForAsync("deliveries", 2);
        await Poll.UntilAsync("the notifier is healthy", async () => (await client.GetAsync(health)).IsSuccessStatusCode, Limit);
    }

    [Fact]
    public async Task Receiver_ClaimedAgainBeforeItsFirstRunHasEnded_KeepsItsLeaseAndItsPlace()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int releases = 0;
        receiver.Answer("acme", (_, number) => number == 1 ? Task.CompletedTask : answer.Task);
        await using TestNotifier notifier = await TestNotifier.StartAsync(
            redis.ConnectionString,
            services => HeldRedis.HoldQueue(services, async (line, reply) =>
            {
                if (line.StartsWith("-- Ends the lease", StringComparison.Ordinal) && Interlocked.Increment(ref releases) == 1)
                {
                    await reply;
                    await released.Task;
                }

                return await reply;
            }),
            "Webhooks:MaxReceivers=1", "Queue:TakeOverAfter=00:00:06");

        await log.AppendAsync(EventLog.Threshold("one", receiver.At("acme")));
        await Poll.UntilAsync("the first run has released its lease", () => Volatile.Read(ref releases) == 1, Limit);
        await log.AppendAsync(EventLog.Threshold("two", receiver.At("acme")));
        await Poll.UntilAsync("the second run serves the receiver", () => receiver.Requests.Count == 2, Limit);
        double? lease = await log.Database.SortedSetScoreAsync("openclaw:{events}:webhook:leases", receiver.At("acme"));
        released.SetResult();
        await log.AppendAsync(EventLog.Threshold("three", receiver.At("other")));
        await Poll.UntilAsync(
            "the lease was renewed",
            async () => await log.Database.SortedSetScoreAsync("openclaw:{events}:webhook:leases", receiver.At("acme")) > lease,
            Limit);
        string[] during = [.. receiver.Requests.Select(request => request.Id)];
        answer.SetResult();
        await log.WaitForAsync("deliveries", 3);

        Assert.Equal(["one", "two"], during);
        Assert.Equal(["one", "two", "three"], receiver.Requests.Select(request => request.Id));
    }
}
