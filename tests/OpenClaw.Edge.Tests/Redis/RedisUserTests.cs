using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenClaw.Edge.Tests.Admin;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.RateLimiting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Redis;

/// <summary>Tests the edge with the restricted Redis user from the documentation, with the default user off.</summary>
public sealed class RedisUserTests
{
    private const string Password = "a password, with a comma";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static string[] Documented { get; } =
    [
        .. Regex.Matches(
                File.ReadAllText(Repository.Path("docs", "how-to", "set-up-the-redis-user.md")),
                "^ACL SETUSER edge (?:on >secret )?(.*)$",
                RegexOptions.Multiline)
            .SelectMany(line => line.Groups[1].Value.Split(' ')),
    ];

    [Fact]
    public async Task DocumentedRights_AreEnoughForAllThatTheEdgeDoes()
    {
        await using RedisServer server = await StartAsync(Documented);
        await using Stack stack = await Stack.StartAsync(server.EndPoint, Settings);
        TestEdge second = await stack.AddEdgeAsync(Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        await Poll.UntilAsync(
            "both replicas are counted", () => Health(stack.Edge).Replicas == 2 && Health(second).Replicas == 2, Patience);

        while (await stack.Edge.Client.StatusAsync() == HttpStatusCode.OK)
        {
        }

        using HttpResponseMessage reset = await admin.PostAsJsonAsync("/buckets/reset", new { address = "127.0.0.1" });
        Assert.Equal(HttpStatusCode.OK, reset.StatusCode);
        await Poll.UntilAsync("the reset is heard of", async () => await second.Client.StatusAsync() == HttpStatusCode.OK, Patience);
        using HttpResponseMessage put = await admin.PutRulesAsync("""{ "Deny": { "Networks": ["127.0.0.79"] } }""");
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        using HttpClient denied = second.CreateClient(from: "127.0.0.79");
        await Poll.UntilAsync("the other replica denies", async () => await denied.StatusAsync() == HttpStatusCode.Forbidden, Patience);

        await Poll.UntilAsync("the events are there", async () =>
        {
            string events = await admin.GetStringAsync("/events");
            return events.Contains("client.reset", StringComparison.Ordinal) && events.Contains("rules.changed", StringComparison.Ordinal);
        }, Patience);
        foreach (string path in (string[])["/usage/history", "/usage/top", "/audit", "/deliveries/failed", "/rules/versions"])
        {
            using HttpResponseMessage read = await admin.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        }

        using HttpResponseMessage retry = await admin.PostAsync("/deliveries/failed/1-0/retry", null);
        using HttpResponseMessage discard = await admin.PostAsync("/deliveries/failed/1-0/discard", null);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (retry.StatusCode, discard.StatusCode));
        Assert.Contains("\"store\":\"up\"", await admin.GetStringAsync("/usage"));

        Assert.DoesNotContain(stack.Edge.Logs.GetSnapshot().Concat(second.Logs.GetSnapshot()), line => line.Level >= LogLevel.Warning);
        Assert.Equal("Healthy", await stack.Edge.Management.GetStringAsync("/health"));
    }

    [Fact]
    public async Task RightToDecide_Missing_HealthIsDegradedWithTheReason()
    {
        await using RedisServer server = await StartAsync(Documented.Except(["+time"]));
        await using Stack stack = await Stack.StartAsync(server.EndPoint, Settings);

        await Poll.UntilAsync("health says why", async () =>
        {
            using HttpResponseMessage health = await stack.Edge.Management.GetAsync("/health");
            return health.StatusCode == HttpStatusCode.OK && await health.Content.ReadAsStringAsync()
                == "Degraded\nredis: Redis does not decide (nopermission: the command TIME); policies answer as their failure mode says.";
        }, Patience);
        Assert.Equal(HttpStatusCode.OK, await stack.Edge.Client.StatusAsync());
    }

    [Theory]
    [InlineData("hget")]
    [InlineData("hmget")]
    [InlineData("lpush")]
    [InlineData("hset")]
    public async Task RightForRules_Missing_IsNamed(string command)
    {
        await using RedisServer server = await StartAsync(Documented.Except([$"+{command}"]));
        await using Stack stack = await Stack.StartAsync(server.EndPoint, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();

        using HttpResponseMessage put = await admin.PutRulesAsync("{}");
        string answer = await put.Content.ReadAsStringAsync();

        await Poll.UntilAsync("it is named", () => answer.Contains($"'{command}'", StringComparison.Ordinal)
            || answer.Contains($"lacks the commands {command.ToUpperInvariant()}.", StringComparison.Ordinal)
            || stack.Edge.Logs.GetSnapshot().Any(line => line.Message.Contains($"'{command}'", StringComparison.Ordinal)), Patience);
        Assert.DoesNotContain(stack.Edge.Logs.GetSnapshot(), line => line.Exception is not null);
    }

    [Theory]
    [InlineData("+xadd", "Events cannot be kept in Redis: the Redis user lacks the commands XADD.")]
    [InlineData("+pttl", "Events cannot be kept in Redis: the Redis user lacks the commands PTTL.")]
    [InlineData("+hincrby", "Usage cannot be kept in Redis: the Redis user lacks the commands HINCRBY.")]
    [InlineData("~openclaw:{usage}:*", "Usage cannot be kept in Redis: the Redis user lacks access to keys such as openclaw:{usage}")]
    [InlineData(
        "~openclaw:{audit}*", "The audit trail cannot be kept in Redis: the Redis user lacks access to keys such as openclaw:{audit}")]
    public async Task RightForOperators_Missing_IsNamedOnceAndRequestsAreLimited(string right, string expected)
    {
        await using RedisServer server = await StartAsync(Documented.Except([right]));
        await using Stack stack = await Stack.StartAsync(server.EndPoint, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        int allowed = await Requests.CountAllowedAsync(12, _ => stack.Edge.Client.StatusAsync());
        using HttpResponseMessage reset = await admin.PostAsJsonAsync("/buckets/reset", new { address = "127.0.0.1" });
        Assert.Equal((10, HttpStatusCode.OK), (allowed, reset.StatusCode));
        await Requests.CountAllowedAsync(12, _ => stack.Edge.Client.StatusAsync());

        await Poll.UntilAsync("it is named", () => Warnings().Any(line => line.StartsWith(expected, StringComparison.Ordinal)), Patience);
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);

        Assert.Single(Warnings(), line => line.StartsWith(expected, StringComparison.Ordinal));
        Assert.Equal("Healthy", await stack.Edge.Management.GetStringAsync("/health"));

        string[] Warnings() =>
            [.. stack.Edge.Logs.GetSnapshot().Where(line => line.Level >= LogLevel.Warning).Select(line => line.Message)];
    }

    private static (string, string?)[] Settings =>
    [
        ("OpenClaw:Edge:Admin:Key", TestEdge.AdminKey), ("OpenClaw:Edge:Redis:User", "edge"), ("OpenClaw:Edge:Redis:Password", Password),
        ("OpenClaw:Edge:Limiter:ReplicaName", Guid.NewGuid().ToString()), ("OpenClaw:Edge:Limiter:KeyPrefix", "rl:"),
        ("OpenClaw:Edge:RedisRules:Key", "openclaw:edge:rules"), ("OpenClaw:Edge:ControlPlane:KeyPrefix", "openclaw:"),
        .. Requests.Bucket("rating", "burst", 10),
    ];

    private static IRateLimiterHealth Health(TestEdge edge) => edge.Services.GetRequiredService<IRateLimiterHealth>();

    private static async Task<RedisServer> StartAsync(IEnumerable<string> rights)
    {
        Requires.RedisServer();
        RedisServer server = await RedisServer.StartAsync();
        await server.ExecuteAsync(["ACL", "SETUSER", "edge", "on", $">{Password}", .. rights]);
        await server.ExecuteAsync("ACL", "SETUSER", "default", "off");
        return server;
    }
}
