using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Rules;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Admin;

public sealed class RulesApiTests(SharedRedis redis)
{
    private static readonly (string, string?)[] Settings =
        [("OpenClaw:Edge:Admin:Key", TestEdge.AdminKey), .. Requests.Bucket("rating", "burst", 10)];

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
        await Poll.UntilAsync(
            "the other replica denies", async () => await denied.StatusAsync() == HttpStatusCode.Forbidden, TimeSpan.FromSeconds(5));
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
        Assert.Equal(version, stack.Edge.Rules.DocumentVersion);
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
                "both have it", () => stack.Edge.Rules.DocumentVersion == version
                    && second.Rules.DocumentVersion == version, TimeSpan.FromSeconds(10));
            Assert.Equal(stack.Edge.Rules.Current.Deny.IsEmpty, second.Rules.Current.Deny.IsEmpty);
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
        Assert.EndsWith(", by admin key at 127.0.0.1: done.", audit[0]);
        Assert.EndsWith(" over version another, by admin key at 127.0.0.1: refused, the document has changed since it was read.", audit[1]);
        Assert.EndsWith(", by admin key at 127.0.0.1: refused, errors: 2.", audit[2]);
    }

    /// <summary>RFC 9110, 13.1.1 and 8.8.3.2: strong comparison, lists, and * for whatever is there.</summary>
    [Theory]
    [InlineData("\"{0}\"", 200)]
    [InlineData("\"x\", \"{0}\"", 200)]
    [InlineData("*", 200)]
    [InlineData("W/\"{0}\"", 412)]
    [InlineData("\"x\", W/\"{0}\"", 412)]
    [InlineData("\"*\"", 412)]
    [InlineData("{0}", 400)]
    [InlineData("", 400)]
    [InlineData("*, \"{0}\"", 400)]
    [InlineData("\"{0}", 400)]
    public async Task Put_IfMatch_AsTheStandardSays(string field, int expected)
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        using HttpResponseMessage first = await admin.PutRulesAsync("{}");
        using HttpResponseMessage get = await admin.GetAsync("/rules");

        using HttpResponseMessage put = await admin.PutRulesAsync("{}", field.Replace("{0}", get.Header("ETag")!.Trim('"')));

        Assert.Equal(expected, (int)put.StatusCode);
    }

    [Fact]
    public async Task Put_AnyVersionWhereThereIsNone_412AndOnlyANewOneWhereThereIs()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();

        using HttpResponseMessage none = await admin.PutRulesAsync("{}", over: "*");
        using HttpResponseMessage created = await CreateAsync();
        using HttpResponseMessage again = await CreateAsync();

        Assert.Equal(
            (HttpStatusCode.PreconditionFailed, HttpStatusCode.OK, HttpStatusCode.PreconditionFailed),
            (none.StatusCode, created.StatusCode, again.StatusCode));

        Task<HttpResponseMessage> CreateAsync()
        {
            HttpRequestMessage request = new(HttpMethod.Put, "/rules") { Content = AdminRequests.Json("{}") };
            request.Headers.TryAddWithoutValidation("If-None-Match", "*");
            return admin.SendAsync(request);
        }
    }

    [Fact]
    public async Task Redis_DocumentTooLarge_NotReadRefusedOnceAndReplacedByAPut()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        await (await redis.GetAsync()).ExecuteAsync(
            "HSET", stack.Scope + ":rules", "version", "1", "document", new string(' ', RulesDocument.MaxBytes + 1));
        RedisRulesWatcher watcher = stack.Edge.Services.GetRequiredService<RedisRulesWatcher>();

        await watcher.PollAsync(CancellationToken.None);
        await watcher.PollAsync(CancellationToken.None);
        using HttpResponseMessage get = await admin.GetAsync("/rules");
        using HttpResponseMessage put = await admin.PutRulesAsync("{}");

        Assert.Contains(
            "has 1048577 bytes; it may have 1048576", Assert.Single(stack.Edge.Logs.GetSnapshot(), record => record.Id.Id == 101).Message);
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.OK), (get.StatusCode, put.StatusCode));
    }

    [Fact]
    public async Task Redis_OlderOrOtherDocument_IgnoredAndLoggedOnce()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        EdgeRulesStore store = stack.Edge.Rules;

        Assert.Empty(store.Apply("10", """{ "Deny": { "Networks": ["127.0.0.79"] } }"""));
        Assert.Empty(store.Apply("10", """{ "Deny": { "Networks": ["127.0.0.79"] } }"""));
        foreach (string version in (string[])["9", "9", "10", "9"])
        {
            Assert.Contains("is not newer than 10", Assert.Single(store.Apply(version, "{}")));
        }

        Assert.Equal("10", store.DocumentVersion);
        Assert.False(store.Current.Deny.IsEmpty);
        Assert.Equal([105, 106, 105], stack.Edge.Logs.GetSnapshot().Select(record => record.Id.Id).Where(id => id is 105 or 106));
        Assert.Empty(store.Apply("11", "{}"));
        Assert.True(store.Current.Deny.IsEmpty);
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
}
