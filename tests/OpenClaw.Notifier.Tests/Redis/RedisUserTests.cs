using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenClaw.Notifier.Dispatching;
using OpenClaw.Notifier.Queue;
using OpenClaw.Notifier.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Notifier.Tests.Redis;

/// <summary>Tests the notifier with the restricted Redis user from the documentation, with the default user off.</summary>
public sealed class RedisUserTests
{
    private const string Password = "a password, with a comma";

    private static string[] Documented { get; } =
    [
        .. Regex.Matches(
                File.ReadAllText(Repository.Path("docs", "how-to", "set-up-the-redis-user.md")),
                "^ACL SETUSER notifier (?:on >secret )?(.*)$",
                RegexOptions.Multiline)
            .SelectMany(line => line.Groups[1].Value.Split(' ')),
    ];

    [Fact]
    public async Task DocumentedRights_AreEnoughForAllThatTheNotifierDoes()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using EventLog log = await EventLog.ConnectAsync(redis);
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        receiver.AnswerWith("flaky", 500, 200);
        receiver.AnswerWith("gone", 410);
        receiver.Answer("slow", (_, _) => Task.Delay(TimeSpan.FromSeconds(1.5)));
        await redis.ExecuteAsync(["ACL", "SETUSER", "notifier", "on", $">{Password}", .. Documented]);
        await log.AppendAsync(EventLog.Threshold("zero", receiver.At("good")));
        await redis.ExecuteAsync("XGROUP", "CREATE", "openclaw:{events}", "notifier", "0");
        await redis.ExecuteAsync("XREADGROUP", "GROUP", "notifier", "dead", "STREAMS", "openclaw:{events}", ">");

        await using TestNotifier notifier = await TestNotifier.StartAsync(
            redis.EndPoint, "Redis:User=notifier", $"Redis:Password={Password}");
        await log.AppendAsync(EventLog.Threshold("one", receiver.At("flaky"), "ops@acme.example"));
        await log.AppendAsync(EventLog.Threshold("two", receiver.At("gone")));
        await log.AppendAsync(EventLog.Threshold("three", receiver.At("slow")));
        await log.WaitForAsync("deliveries", 6);
        await notifier.Services.GetServices<IHostedService>().OfType<QueueObserver>().Single().ObserveAsync();
        await notifier.Services.GetRequiredService<EventStreams>().ForgetConsumersAsync();

        Assert.Equal("gone", Assert.Single(await log.ReadAsync("dead"))["to"].Split('/')[^1]);
        Assert.DoesNotContain(notifier.Logs.GetSnapshot(), record => record.Category == typeof(RedisState).FullName);

        // The client tries these and works without them.
        string[] refused = [.. (await redis.ExecuteAsync("ACL", "LOG")).Split('\n')
            .SkipLast(1).Select((line, index) => (line, index)).Where(item => item.index > 0).Select(item => item.line)];
        string[] objects = [.. refused.Select((line, index) => (line, index)).Where(
            item => item.index > 0 && refused[item.index - 1] == "object")
            .Select(item => item.line).Distinct()];
        Assert.All(objects, command => Assert.Contains(
            command.Split('|')[0],
                (string[])["client", "config", "cluster", "sentinel", "hello", "__Booksleeve_MasterChanged", "subscribe"]));
    }

    [Fact]
    public async Task Rights_None_IsSaidOnceWithTheCommand()
    {
        Requires.RedisServer();
        await using RedisServer redis = await RedisServer.StartAsync();
        await redis.ExecuteAsync(["ACL", "SETUSER", "notifier", "on", $">{Password}", .. Documented.Except(["+xgroup"])]);

        await using TestNotifier notifier = await TestNotifier.StartAsync(
            redis.EndPoint, "Redis:User=notifier", $"Redis:Password={Password}");
        await Poll.UntilAsync(
            "it is said",
                () => notifier.Logs.GetSnapshot().Any(record => record.Message.Contains("'xgroup|create'", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(10));
    }
}
