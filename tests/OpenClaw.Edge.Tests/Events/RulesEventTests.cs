using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpenClaw.Edge.Tests.Admin;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Events;

/// <summary>Events about rules that come into force while edges run.</summary>
public sealed class RulesEventTests(SharedRedis redis)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly (string, string?)[] Settings = [("OpenClaw:Edge:Admin:Key", TestEdge.AdminKey)];

    [Fact]
    public async Task Configuration_ChangedOnEveryReplica_IsOneEvent()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        TestEdge second = await stack.AddEdgeAsync(Settings);
        using HttpClient admin = second.CreateAdminClient();

        // The first two change no rule: one is a logging setting, the other is refused.
        foreach ((string setting, string value) in ((string, string)[])
            [
                ("Logging:LogLevel:Default", "Warning"), ("OpenClaw:Edge:Tiers:silver:rating:burst:Capacity", "none"),
                ("OpenClaw:Edge:Tiers:silver:rating:burst:Capacity", "50"), ("OpenClaw:Edge:Deny:Networks:0", "127.0.0.79"),
            ])
        {
            Change(stack.Edge, setting, value);
            Change(second, setting, value);
        }

        JsonElement changed = Assert.Single(await EventsAsync(admin, 1));
        Assert.StartsWith("rules/configuration/", changed.GetProperty("id").GetString());
        Assert.False(changed.TryGetProperty("version", out _));
        using HttpClient denied = second.CreateClient(from: "127.0.0.79");
        Assert.Equal(HttpStatusCode.Forbidden, await denied.StatusAsync());
    }

    [Fact]
    public async Task Document_RefusedUntilTheConfigurationChanges_IsAnEventThen()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        await (await redis.GetAsync()).ExecuteAsync(
            "HSET", $"{stack.Scope}:rules", "version", "7", "document", """{"Clients":{"test":{"Tier":"platinum"}}}""");
        await Poll.UntilAsync(
            "it is refused",
            () => stack.Edge.Logs.GetSnapshot().Any(line => line.Message.Contains("are refused", StringComparison.Ordinal)),
            Patience);

        Change(stack.Edge, "OpenClaw:Edge:Tiers:platinum:rating:burst:Capacity", "500");

        JsonElement[] events = await EventsAsync(admin, 2);
        Assert.Equal("rules/7", Assert.Single(events, changed => changed.TryGetProperty("version", out _)).GetProperty("id").GetString());
    }

    private static void Change(TestEdge edge, string setting, string value)
    {
        edge.Settings[setting] = value;
        edge.Settings.Reload();
    }

    /// <summary>The events about rules, once there are as many. None comes later: all replicas have written theirs by then.</summary>
    private static async Task<JsonElement[]> EventsAsync(HttpClient admin, int count)
    {
        JsonElement[] events = [];
        await Poll.UntilAsync($"{count} events are there", async () => (events = await ReadAsync()).Length >= count, Patience);
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        events = await ReadAsync();
        Assert.Equal(count, events.Length);
        return events;

        async Task<JsonElement[]> ReadAsync() =>
        [
            .. (await admin.GetFromJsonAsync<JsonElement>("/events?type=rules.changed")).GetProperty("events").EnumerateArray()
                .Select(found => found.GetProperty("event")),
        ];
    }
}
