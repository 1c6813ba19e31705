using Microsoft.Extensions.Logging;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Rules;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Configuration;

public sealed class RefusedReloadTests(SharedRedis redis)
{
    [Fact]
    public async Task Configuration_InvalidChange_RefusedWholeAndLoggedAndLastGoodStays()
    {
        await using Stack stack = await Stack.StartAsync(redis, Requests.Bucket("rating", "burst", 10));
        EdgeRules before = stack.Edge.Rules.Current;

        stack.Edge.Settings["OpenClaw:Edge:Policies:rating:Buckets:burst:Capacity"] = "100";
        stack.Edge.Settings["OpenClaw:Edge:Clients:test:Tier"] = "platinum";
        stack.Edge.Settings["OpenClaw:Edge:Polices:x"] = "1";
        stack.Edge.Settings.Reload();

        Assert.Same(before, stack.Edge.Rules.Current);
        string message = Assert.Single(
            stack.Edge.Logs.GetSnapshot(), record => record.Level == LogLevel.Error && record.Id.Id == 101).Message;
        Assert.Contains("Clients:test:Tier is 'platinum'", message);
        Assert.Contains("Polices is not a setting", message);
    }

    [Fact]
    public async Task Configuration_ValueBecomesNull_RefusedAndLoggedAndLastGoodStays()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        EdgeRules before = stack.Edge.Rules.Current;

        stack.Edge.Settings["OpenClaw:Edge:AddressPolicy"] = null;
        stack.Edge.Settings["OpenClaw:Edge:Clients:test:Tier"] = null;
        stack.Edge.Settings.Reload();

        string refusal = Assert.Single(stack.Edge.Refusals);
        Assert.Contains("OpenClaw:Edge:AddressPolicy is null; it must be a text.", refusal);
        Assert.Contains("OpenClaw:Edge:Clients:test:Tier is null; it must be a text.", refusal);
        Assert.Same(before, stack.Edge.Rules.Current);
    }

    [Fact]
    public async Task Configuration_FixedSettingChanged_ToldOnceByPathAndRulesChangeAllTheSame()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        stack.Edge.Settings["OpenClaw:Edge:Overload:MaxConnections"] = "77";
        stack.Edge.Settings["OpenClaw:Edge:ApiKeys:Pepper"] = "another-secret-that-nobody-may-read-in-a-log";
        stack.Edge.Settings["OpenClaw:Edge:Deny:Networks:0"] = "127.0.0.77";
        stack.Edge.Settings.Reload();
        stack.Edge.Settings.Reload();

        Assert.False(stack.Edge.Rules.Current.Deny.IsEmpty);
        Assert.Equal(
            "Changed settings that are read only at start: OpenClaw:Edge:ApiKeys:Pepper, OpenClaw:Edge:Overload:MaxConnections. "
                + "Restart the edge to apply them.",
            Assert.Single(stack.Edge.Logs.GetSnapshot(), record => record.Id.Id == 104).Message);
    }
}
