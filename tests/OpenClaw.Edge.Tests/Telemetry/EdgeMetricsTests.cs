using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Telemetry;

public sealed class EdgeMetricsTests(SharedRedis redis)
{
    [Fact]
    public async Task Requests_EveryResult_CountedByPolicyAndResultOnly()
    {
        await using Stack stack = await Stack.StartAsync(redis,
        [
            .. Requests.Bucket(
                "rating", "burst", 2), ("OpenClaw:Edge:Deny:Networks:0", "127.0.0.5"), ("OpenClaw:Edge:Allow:Networks:0", "127.0.0.6"),
            ("OpenClaw:Edge:Clients:silver-sample:Enabled", "false"), ("OpenClaw:Edge:ApiKeys:Unknown", "Reject"),
        ]);
        using MetricCounter requests = new(stack.Edge.Services, "openclaw.edge.requests");
        using HttpClient denied = stack.Edge.CreateClient(from: "127.0.0.5");
        using HttpClient exempt = stack.Edge.CreateClient(from: "127.0.0.6");

        for (int i = 0; i < 5; i++)
        {
            await stack.Edge.Client.StatusAsync();
        }

        await denied.StatusAsync();
        await exempt.StatusAsync();
        await stack.Edge.Client.StatusAsync("/rating", ("X-API-Key", "silver-key"));
        await stack.Edge.Client.StatusAsync("/rating", ("X-API-Key", "unknown"));
        await stack.Edge.Management.StatusAsync("/health");

        Assert.Equal(2, requests.Sum("policy=rating", "result=allowed"));
        Assert.Equal(3, requests.Sum("policy=rating", "result=limited"));
        Assert.Equal(2, requests.Sum("policy=rating", "result=forbidden"));
        Assert.Equal(1, requests.Sum("policy=rating", "result=exempt"));
        Assert.Equal(1, requests.Sum("policy=rating", "result=unauthorized"));
        Assert.Equal(9, requests.Sum());
        Assert.Equal(["policy", "result"], requests.TagNames.Order());
    }

    [Fact]
    public async Task RulesChanges_AppliedAndRefused_Counted()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        using MetricCounter changes = new(stack.Edge.Services, "openclaw.edge.rules_changes");

        stack.Edge.Settings.Reload();
        stack.Edge.Settings["OpenClaw:Edge:Nonsense"] = "1";
        stack.Edge.Settings.Reload();

        Assert.Equal((1, 1), (changes.Sum("result=applied"), changes.Sum("result=refused")));
    }
}
