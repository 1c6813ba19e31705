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
    public async Task RightForRules_Missing_IsNamed(string command)
    {
        await using RedisServer server = await StartAsync(Documented.Except([$"+{command}"]));
        await using Stack stack = await Stack.StartAsync(server.EndPoint, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();

        using HttpResponseMessage put = await admin.PutRulesAsync("{}");
        string answer = await put.Content.ReadAsStringAsync();

        await Poll.UntilAsync("it is named", () => answer.Contains($"'{command}'", StringComparison.Ordinal)
            || stack.Edge.Logs.GetSnapshot().Any(line => line.Message.Contains($"'{command}'", StringComparison.Ordinal)), Patience);
        Assert.DoesNotContain(stack.Edge.Logs.GetSnapshot(), line => line.Exception is not null);
    }

    private static (string, string?)[] Settings =>
    [
        ("OpenClaw:Edge:Admin:Key", TestEdge.AdminKey), ("OpenClaw:Edge:Redis:User", "edge"), ("OpenClaw:Edge:Redis:Password", Password),
        ("OpenClaw:Edge:Limiter:ReplicaName", Guid.NewGuid().ToString()), ("OpenClaw:Edge:Limiter:KeyPrefix", "rl:"),
        ("OpenClaw:Edge:RedisRules:Key", "openclaw:edge:rules"), .. Requests.Bucket("rating", "burst", 10),
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
