using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;
using static OpenClaw.Edge.Tests.Admin.AdminRequests;

namespace OpenClaw.Edge.Tests.Admin;

/// <summary>Operator and reason of each change in the log, the audit trail and the events.</summary>
public sealed class OperatorTests(SharedRedis redis)
{
    private static readonly (string, string?)[] Settings = [("OpenClaw:Edge:Admin:Key", TestEdge.AdminKey)];

    [Fact]
    public async Task Change_ByANamedOperator_IsInLogAuditAndEventsOfEveryReplica()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        TestEdge second = await stack.AddEdgeAsync(Settings);
        using HttpClient alice = Named(stack.Edge, "alice@example.com");
        using HttpClient admin = second.CreateAdminClient();

        await alice.PostJsonAsync("/buckets/block", new { client = "test", seconds = 60, reason = "abuse\u0007\u202e of the\r\nservice " });
        await admin.PostJsonAsync("/buckets/grant", new { address = "127.0.0.1", policy = "rating", tokens = 5 });

        JsonElement[] audit = [.. (await admin.GetFromJsonAsync<JsonElement>("/audit")).GetProperty("entries").EnumerateArray()];
        Assert.Equal(["grant", "block"], audit.Select(entry => entry.GetProperty("action").GetString()));
        Assert.Equal(("alice@example.com", "client test", "for 00:01:00", "abuse of theservice", "done"), (
            Text(audit[1], "operator"), Text(audit[1], "target"), Text(audit[1], "detail"), Text(audit[1], "reason"),
            Text(audit[1], "outcome")));
        Assert.Equal("admin key", Text(audit[0], "operator"));
        Assert.False(audit[0].TryGetProperty("reason", out _));
        Assert.Contains(stack.Edge.Logs.GetSnapshot(), line => line.Message
            == "Audit: block client test for 00:01:00, by alice@example.com at 127.0.0.1 (abuse of theservice): done.");
        JsonElement[] events = await EventsAsync(admin, 2);
        Assert.Equal(("client.granted", "127.0.0.1", 5, "rating"), (
            Text(events[0], "type"), Text(events[0], "address"), events[0].GetProperty("tokens").GetInt32(), Text(events[0], "policy")));
        Assert.Equal(("client.blocked", "test", 60, "alice@example.com", "abuse of theservice"), (
            Text(events[1], "type"), Text(events[1], "client"), events[1].GetProperty("seconds").GetInt32(), Text(events[1], "operator"),
            Text(events[1], "reason")));

        JsonElement page = await admin.GetFromJsonAsync<JsonElement>("/audit?count=1");
        page = await admin.GetFromJsonAsync<JsonElement>($"/audit?count=1&before={Text(page, "before")}");
        Assert.Equal("block", Text(page.GetProperty("entries")[0], "action"));
    }

    [Fact]
    public async Task Change_RefusedForItsReason_ChangesNothing()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();

        using HttpResponseMessage answer = await admin.PostAsJsonAsync(
            "/buckets/block", new { client = "test", seconds = 60, reason = new string('x', 201) });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("reason has 201 characters; it may have 200.", await answer.Content.ReadAsStringAsync());
        Assert.Empty((await admin.GetFromJsonAsync<JsonElement>("/audit")).GetProperty("entries").EnumerateArray());
    }

    [Fact]
    public async Task OperatorHeader_Empty_NamesNobody()
    {
        await using Stack stack = await Stack.StartAsync(redis, [.. Settings, ("OpenClaw:Edge:Admin:OperatorHeader", "")]);
        using HttpClient alice = Named(stack.Edge, "alice");

        await alice.PostJsonAsync("/buckets/reset", new { client = "test" });

        Assert.Equal(
            "admin key", Text((await alice.GetFromJsonAsync<JsonElement>("/audit")).GetProperty("entries")[0], "operator"));
    }

    [Fact]
    public async Task RulesSchema_Served_KnowsTheNamesOfSettings()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();

        JsonElement schema = await admin.GetFromJsonAsync<JsonElement>("/rules/schema");

        JsonElement policy = schema.GetProperty("properties").GetProperty("Policies").GetProperty("additionalProperties");
        Assert.Equal(["object", "null"], policy.GetProperty("type").EnumerateArray().Select(type => type.GetString()));
        Assert.Equal(
            ["PartitionBy", "Buckets", "Cost", "FailureMode", "Shadow", "Events"],
            policy.GetProperty("properties").EnumerateObject().Select(member => member.Name));
        Assert.Contains("Closed", policy.GetProperty("properties").GetProperty("FailureMode").GetProperty("enum").GetRawText());
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
    }

    [Fact]
    public async Task Sources_OfPoliciesAndClients_SayWhereTheyComeFrom()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        using HttpResponseMessage put = await admin.PutRulesAsync(
            """{ "clients": { "ACME": { "Contacts": { "Emails": ["ops@acme.example"], "Webhook": "https://acme.example/hook" } } } }""");
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);

        JsonElement acme = await admin.GetFromJsonAsync<JsonElement>("/clients/acme");
        Assert.Equal("redis", Text(acme, "source"));
        Assert.Equal("ops@acme.example", acme.GetProperty("contacts").GetProperty("emails")[0].GetString());
        Assert.Equal("configuration", Text(await admin.GetFromJsonAsync<JsonElement>("/clients/test"), "source"));
        Assert.Equal("configuration", Text(await admin.GetFromJsonAsync<JsonElement>("/policies/rating"), "source"));
    }

    [Theory]
    [InlineData("Emails", "\"Ops <ops@acme.example>\"", "it must be an e-mail address such as ops@example.com")]
    [InlineData("Emails", "\"ops\"", "it must be an e-mail address such as ops@example.com")]
    [InlineData("Emails", "\"a@b.example\\r\\nBcc: x@y.example\"", "it must be an e-mail address such as ops@example.com")]
    [InlineData("Webhook", "ftp://acme.example/", "it must be a URL such as https://example.com/hook")]
    [InlineData("Webhook", "/hook", "it must be a URL such as https://example.com/hook")]
    [InlineData("Webhook", "https://user:secret@acme.example/", "it must be a URL such as https://example.com/hook")]
    public async Task Contacts_OfAnotherForm_AreRefused(string member, string value, string expected)
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        string contacts = member == "Emails" ? $$"""{ "Emails": [{{value}}] }""" : $$"""{ "Webhook": "{{value}}" }""";

        using HttpResponseMessage check = await admin.PostAsync(
            "/rules/check", AdminRequests.Json($$"""{ "Clients": { "acme": { "Contacts": {{contacts}} } } }"""));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, check.StatusCode);
        string errors = await check.Content.ReadAsStringAsync();
        Assert.Contains($"OpenClaw:Edge:Clients:acme:Contacts:{member}", errors);
        Assert.Contains(expected, errors);
    }

    [Fact]
    public async Task FailedDeliveries_RetriedAndDiscarded_LeaveTheList()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        RedisServer server = await redis.GetAsync();
        using HttpClient alice = Named(stack.Edge, "alice");
        string first = await DeadAsync("one"), second = await DeadAsync("two");

        JsonElement failed = (await alice.GetFromJsonAsync<JsonElement>("/deliveries/failed")).GetProperty("failed");
        Assert.Equal((second, "two", "webhook", "https://acme.example/hook", "timeout", 8), (
            Text(failed[0], "streamId"), Text(failed[0], "id"), Text(failed[0], "channel"), Text(failed[0], "to"), Text(failed[0], "error"),
            failed[0].GetProperty("attempts").GetInt32()));
        Assert.Equal("client.threshold", failed[0].GetProperty("event").GetProperty("type").GetString());

        using HttpResponseMessage retry = await alice.PostAsync($"/deliveries/failed/{first}/retry", null);
        using HttpResponseMessage again = await alice.PostAsync($"/deliveries/failed/{first}/retry", null);
        using HttpResponseMessage discard = await alice.PostAsync($"/deliveries/failed/{second}/discard?reason=gone", null);
        using HttpResponseMessage malformed = await alice.PostAsync("/deliveries/failed/x/retry", null);
        Assert.Equal(
            [HttpStatusCode.NoContent, HttpStatusCode.NotFound, HttpStatusCode.NoContent, HttpStatusCode.BadRequest],
            new[] { retry.StatusCode, again.StatusCode, discard.StatusCode, malformed.StatusCode });
        Assert.Empty((await alice.GetFromJsonAsync<JsonElement>("/deliveries/failed")).GetProperty("failed").EnumerateArray());
        string retries = await server.ExecuteAsync("XRANGE", $"{stack.Scope}:{{events}}:retry", "-", "+");
        Assert.Contains("https://acme.example/hook", retries);
        Assert.Contains("\"type\":\"client.threshold\"", retries);
        JsonElement audit = (await alice.GetFromJsonAsync<JsonElement>("/audit")).GetProperty("entries");
        Assert.Equal(("discard", "alice", "gone"), (Text(audit[0], "action"), Text(audit[0], "operator"), Text(audit[0], "reason")));
        Assert.Equal("refused, there is no such delivery", Text(audit[1], "outcome"));

        Task<string> DeadAsync(string id) => server.ExecuteAsync(
            "XADD", $"{stack.Scope}:{{events}}:dead", "*", "id", id, "channel", "webhook", "to", "https://acme.example/hook", "error",
            "timeout", "attempts", "8", "at", "2026-11-28T10:00:00.000Z", "event", $$"""{"id":"{{id}}","type":"client.threshold"}""");
    }

    [Fact]
    public async Task Events_Delivered_ShowTheirDeliveries()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        await admin.PostJsonAsync("/buckets/reset", new { client = "test" });
        JsonElement reset = Assert.Single(await EventsAsync(admin, 1));
        await (await redis.GetAsync()).ExecuteAsync(
            "XADD", $"{stack.Scope}:{{events}}:deliveries", "*", "id", Text(reset, "id")!, "channel", "email", "to", "ops@acme.example",
            "status", "delivered", "attempts", "1", "error", "", "at", "2026-11-28T10:00:00.000Z");

        JsonElement found = (await admin.GetFromJsonAsync<JsonElement>("/events")).GetProperty("events")[0];

        JsonElement delivery = Assert.Single(found.GetProperty("deliveries").EnumerateArray());
        Assert.Equal(("email", "delivered"), (Text(delivery, "channel"), Text(delivery, "status")));
        Assert.False(delivery.TryGetProperty("error", out _));
    }
}
