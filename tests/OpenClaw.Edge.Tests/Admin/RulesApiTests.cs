using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Admin;

public sealed class RulesApiTests(SharedRedis redis)
{
    private static readonly (string, string?)[] Settings = [("OpenClaw:Edge:Admin:Key", TestEdge.AdminKey), .. Requests.Bucket("rating", "burst", 10)];

    [Fact]
    public async Task PutAndGet_InForceOnEveryReplicaAndGuardedByVersion()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        TestEdge second = await stack.AddEdgeAsync(Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        const string Document = """{ "Deny": { "Networks": ["127.0.0.79"] } }""";

        using HttpResponseMessage none = await admin.GetAsync("/rules");
        using HttpResponseMessage put = await admin.PutRulesAsync(Document);
        using HttpResponseMessage get = await admin.GetAsync("/rules");
        using HttpClient denied = second.CreateClient(from: "127.0.0.79");
        await Poll.UntilAsync("the other replica denies", async () => await denied.StatusAsync() == HttpStatusCode.Forbidden, TimeSpan.FromSeconds(5));
        using HttpResponseMessage stale = await admin.PutRulesAsync("{}", "\"another\"");
        using HttpResponseMessage fresh = await admin.PutRulesAsync("{}", get.Header("ETag")!);

        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.Equal(Document, await get.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.PreconditionFailed, stale.StatusCode);
        Assert.Equal(HttpStatusCode.OK, fresh.StatusCode);
    }

    [Fact]
    public async Task Put_InvalidDocument_422WithEveryErrorAndNothingWritten()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        const string Document = """{ "Polices": {}, "Clients": { "x": { "Tier": "platinum" } } }""";

        using HttpResponseMessage check = await admin.PostAsync("/rules/check", AdminRequests.Json(Document));
        using HttpResponseMessage put = await admin.PutRulesAsync(Document);

        JsonElement problem = await put.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, check.StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, put.StatusCode);
        Assert.Equal(
            [
                "OpenClaw:Edge:Polices is not a setting; OpenClaw:Edge has: AddressPolicy, Allow, Clients, Deny, Policies, Tiers.",
                "OpenClaw:Edge:Clients:x:Tier is 'platinum'; the tiers are: gold, silver.",
            ],
            problem.GetProperty("errors").EnumerateArray().Select(error => error.GetString()));
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync("/rules")).StatusCode);
    }

    [Fact]
    public async Task Put_Valid_InForceHereWithTheAnswerAndCountedOnce()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        using MetricCounter changes = new(stack.Edge.Services, "openclaw.edge.rules_changes");

        using HttpResponseMessage put = await admin.PutRulesAsync("""{ "Deny": { "Networks": ["127.0.0.79"] } }""");
        string? version = (await put.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("version").GetString();
        Assert.Equal(version, Rules(stack.Edge).DocumentVersion);
        await stack.Edge.Services.GetRequiredService<RedisRulesWatcher>().PollAsync(CancellationToken.None);

        Assert.Equal((1, 0), (changes.Sum("result=applied"), changes.Sum("result=refused")));
    }

    [Fact]
    public async Task Put_OnTwoReplicasAtOnce_BothEndWithTheOneThatStayed()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        TestEdge second = await stack.AddEdgeAsync(Settings);
        using HttpClient here = stack.Edge.CreateAdminClient();
        using HttpClient there = second.CreateAdminClient();

        for (int i = 0; i < 10; i++)
        {
            await Task.WhenAll(here.PutRulesAsync("{}"), there.PutRulesAsync("""{ "Deny": { "Networks": ["127.0.0.79"] } }"""));
            using HttpResponseMessage stayed = await here.GetAsync("/rules");
            string version = stayed.Header("ETag")!.Trim('"');
            await Poll.UntilAsync(
                "both have it", () => Rules(stack.Edge).DocumentVersion == version && Rules(second).DocumentVersion == version, TimeSpan.FromSeconds(10));
            Assert.Equal(Rules(stack.Edge).Current.Deny.IsEmpty, Rules(second).Current.Deny.IsEmpty);
        }
    }

    [Fact]
    public async Task Put_EveryTry_IsOneAuditLineWithItsOutcome()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();

        await admin.PutRulesAsync("{}");
        await admin.PutRulesAsync("{}", over: "\"another\"");
        await admin.PutRulesAsync("""{ "Polices": {}, "Deny": null }""");

        string[] audit = [.. stack.Edge.Logs.GetSnapshot().Where(record => record.Id.Id == 302).Select(record => record.Message)];
        Assert.Equal(3, audit.Length);
        Assert.All(audit, line => Assert.StartsWith("Audit: rules version ", line));
        Assert.EndsWith(", by 127.0.0.1: done.", audit[0]);
        Assert.EndsWith(" over version another, by 127.0.0.1: refused, another version is there.", audit[1]);
        Assert.EndsWith(", by 127.0.0.1: refused, errors: 2.", audit[2]);
    }

    [Fact]
    public async Task Put_RedisRulesDisabled_409AndNothingWritten()
    {
        await using Stack stack = await Stack.StartAsync(redis, [.. Settings, ("OpenClaw:Edge:RedisRules:Enabled", "false")]);
        using HttpClient admin = stack.Edge.CreateAdminClient();

        using HttpResponseMessage put = await admin.PutRulesAsync("{}");
        using HttpResponseMessage get = await admin.GetAsync("/rules");

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.NotFound), (put.StatusCode, get.StatusCode));
    }

    private static EdgeRulesStore Rules(TestEdge edge) => edge.Services.GetRequiredService<EdgeRulesStore>();
}
