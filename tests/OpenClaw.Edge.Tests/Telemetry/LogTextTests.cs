using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace OpenClaw.Edge.Tests.Telemetry;

/// <summary>Names, errors and documents from outside that reach the log.</summary>
public sealed class LogTextTests
{
    private const string Hostile = "a\r\nb\u001b[31m\u202e\ud800";
    private const string Clean = @"a b\u001b[31m\u202e\ud800";

    public static TheoryData<string> Kinds => [.. Logs.Keys];

    private static Dictionary<string, Action<ILogger>> Logs { get; } = new()
    {
        ["names of upstreams"] = log => Edge.Health.Log.UpstreamUnhealthy(log, Hostile, "cluster"),
        ["names of clusters"] = log => Edge.Health.Log.UpstreamHealthy(log, "upstream", Hostile),
        ["errors of routes"] = log => Edge.Health.Log.RoutesRefused(log, Hostile),
        ["answers of Redis"] = log => Edge.Redis.Log.Failed(log, "The audit trail", Hostile),
        ["versions of documents"] = log => Edge.Rules.Log.RulesAmbiguous(log, Hostile),
        ["origins of documents"] = log => Edge.Rules.Log.RulesInForce(log, Hostile, 1, 1, 1),
        ["names of settings"] = log => Edge.Rules.Log.StartupSettingsChanged(log, Hostile),
        ["reasons of clients"] = log => Edge.Admin.Log.Audit(log, "reset", "client", "", "operator", null, Hostile, "done"),
        ["names of operators"] = log => Edge.Admin.Log.Audit(log, "reset", "client", "", Hostile, null, "", "done"),
        ["errors of the warm-up"] = log => Edge.WarmUp.Log.WarmUpUnfinished(log, Hostile),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Log_TextFromOutside_HasNoControlCharacters(string kind)
    {
        FakeLogger logger = new();

        Logs[kind](logger);

        string message = logger.LatestRecord.Message;
        Assert.Contains(Clean, message);
        Assert.DoesNotContain(message, character => char.IsControl(character));
    }
}
