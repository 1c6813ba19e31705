using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using OpenClaw.Notifier.Dispatching;

namespace OpenClaw.Notifier.Tests.Dispatching;

/// <summary>Text of events, receivers and Redis that reaches the log.</summary>
public sealed class LogTextTests
{
    private const string Hostile = "a\r\nb\u001b[31m";

    public static TheoryData<string> Kinds => [.. Logs.Keys];

    private static Dictionary<string, Action<ILogger>> Logs { get; } = new()
    {
        ["problems of Redis"] = log => Log.RedisFails(log, Hostile),
        ["errors of events"] = log => Log.Unreadable(log, "1-0", Hostile),
        ["receivers"] = log => Log.Postponed(log, 1, Hostile, "client.denied", "webhook", TimeSpan.Zero),
        ["types of events"] = log => Log.DeadLettered(log, "acme", Hostile, "webhook", 1, "1-0", "dead"),
        ["receivers with a full queue"] = log => Log.ReceiverIsFull(log, Hostile, "client.denied", "webhook", "1-0", "dead"),
        ["receivers told"] = log => Log.Delivered(log, Hostile, "client.denied", "email"),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Log_TextFromOutside_HasNoControlCharacters(string kind)
    {
        FakeLogger logger = new();

        Logs[kind](logger);

        string message = logger.LatestRecord.Message;
        Assert.Contains(@"a b\u001b[31m", message);
        Assert.DoesNotContain(message, character => char.IsControl(character));
    }
}
