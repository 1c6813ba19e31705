using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Testing;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Admin;

public sealed class AdminApiTests(SharedRedis redis)
{
    private const string TypeNames = @"System\.|Microsoft\.|OpenClaw\.|Redis\.|Exception|\.NET";

    private static readonly (string, string?) Key = ("OpenClaw:Edge:Admin:Key", TestEdge.AdminKey);
    private static readonly (string, string?)[] Settings = [Key, .. Requests.Bucket("rating", "burst", 10)];

    [Fact]
    public async Task Start_NoKeyConfigured_NoAdminApi()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        using HttpClient admin = stack.Edge.CreateAdminClient();

        foreach (string path in (string[])["/policies", "/rules", "/openapi/v1.json", "/scalar", "/"])
        {
            using HttpResponseMessage response = await admin.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, await stack.Edge.Management.StatusAsync("/health"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer ")]
    [InlineData("Bearer " + TestEdge.AdminKey + "x")]
    [InlineData("Basic " + TestEdge.AdminKey)]
    [InlineData(TestEdge.AdminKey)]
    public async Task AnyPath_WithoutTheKey_401(string? authorization)
    {
        await using Stack stack = await Stack.StartAsync(redis, [.. Settings, (HostDefaults.EnvironmentKey, Environments.Production)]);
        using HttpClient anyone = new() { BaseAddress = stack.Edge.ManagementAddress };
        (string, string)[] headers = authorization is null ? [] : [("Authorization", authorization)];

        foreach (string path in (string[])["/policies", "/openapi/v1.json", "/scalar/", "/scalar/scalar.js", "/rules", "/nope", "/"])
        {
            using HttpResponseMessage response = await anyone.SendAsync(path, headers);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("application/problem+json", response.Header("Content-Type"));
            Assert.Equal("Bearer", response.Header("WWW-Authenticate"));
        }
    }

    [Fact]
    public async Task Description_InDevelopmentWithoutTheKey_IsReadableAndNothingElseIs()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient anyone = new() { BaseAddress = stack.Edge.ManagementAddress };

        Assert.Contains("scalar.js", await anyone.GetStringAsync("/scalar/"));
        Assert.NotEmpty(await anyone.GetStringAsync("/scalar/scalar.js"));
        Assert.Contains("\"/policies\"", await anyone.GetStringAsync("/openapi/v1.json"));
        foreach (string path in (string[])["/policies", "/rules", "/nope", "/", "/scalar/../policies", "/openapi/v1.json/../../policies"])
        {
            using HttpResponseMessage response = await anyone.GetAsync(path);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    [Fact]
    public async Task Lists_InForce_AreShownAsTheyWereSet()
    {
        await using Stack stack = await Stack.StartAsync(
            redis,
            ("OpenClaw:Edge:Admin:Key", TestEdge.AdminKey),
            ("OpenClaw:Edge:Allow:Networks:0", "10.1.2.3/8"),
            ("OpenClaw:Edge:Clients:vip:Enabled", "true"),
            ("OpenClaw:Edge:Deny:Clients:0", "vip"));
        using HttpClient admin = stack.Edge.CreateAdminClient();

        JsonElement lists = await admin.GetFromJsonAsync<JsonElement>("/lists");

        Assert.Equal("""{"allow":{"networks":["10.1.2.3/8"],"clients":[]},"deny":{"networks":[],"clients":["vip"]}}""", lists.GetRawText());
    }

    [Fact]
    public async Task Policies_Listed_WithTiersAndCost()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();

        JsonElement policies = await admin.GetFromJsonAsync<JsonElement>("/policies");
        JsonElement rating = await admin.GetFromJsonAsync<JsonElement>("/policies/RATING");
        using HttpResponseMessage missing = await admin.GetAsync("/policies/nope");

        Assert.Equal(["address", "rating"], policies.EnumerateArray().Select(policy => policy.GetProperty("name").GetString()));
        Assert.Equal(10, rating.GetProperty("buckets")[0].GetProperty("capacity").GetInt32());
        Assert.Equal(200, rating.GetProperty("tiers").GetProperty("gold")[0].GetProperty("capacity").GetInt32());
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task Clients_Listed_WithoutHashes()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();

        string clients = await admin.GetStringAsync("/clients");

        Assert.Contains("gold-sample", clients);
        Assert.DoesNotContain("332a6fed", clients);
        Assert.Contains("\"tier\":\"silver\"", await admin.GetStringAsync("/clients/silver-sample"));
    }

    [Fact]
    public async Task Buckets_InspectResetAndGrant_ShowAndChangeTheTruth()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        using HttpClient client = stack.Edge.CreateClient("test-key");
        await Requests.CountAllowedAsync(10, _ => client.StatusAsync());
        Assert.Equal(HttpStatusCode.TooManyRequests, await client.StatusAsync());

        JsonElement empty = await admin.GetFromJsonAsync<JsonElement>("/buckets?client=test");
        JsonElement granted = await admin.PostJsonAsync("/buckets/grant", new { client = "test", tokens = 3 });
        Assert.Equal(3, await Requests.CountAllowedAsync(5, _ => client.StatusAsync()));
        JsonElement reset = await admin.PostJsonAsync("/buckets/reset", new { client = "test" });
        Assert.Equal(10, await Requests.CountAllowedAsync(12, _ => client.StatusAsync()));

        Assert.Equal((0, 10), (Remaining(empty), empty[0].GetProperty("buckets")[0].GetProperty("capacity").GetInt32()));
        Assert.InRange(empty[0].GetProperty("buckets")[0].GetProperty("fullAfterSeconds").GetDouble(), 35_900, 36_000);
        Assert.Equal(3, Remaining(granted));
        Assert.Equal(10, Remaining(reset));
    }

    [Fact]
    public async Task Buckets_OfAnAddress_InEveryPolicyItCanMeet()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        await stack.Edge.Client.StatusAsync();

        JsonElement buckets = await admin.GetFromJsonAsync<JsonElement>("/buckets?address=127.0.0.1");

        Assert.Equal(
            ["address a:127.0.0.1", "address t:gold:127.0.0.1", "rating a:127.0.0.1"],
            buckets.EnumerateArray().Select(partition => $"{partition.GetProperty("policy")} {partition.GetProperty("partition")}"));
        Assert.Equal(9, buckets[2].GetProperty("buckets")[0].GetProperty("remaining").GetInt32());
    }

    [Fact]
    public async Task Buckets_ByPartition_HaveTheNumbersOfItsTier()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        using HttpClient gold = stack.Edge.CreateClient("gold-key");
        await Requests.CountAllowedAsync(50, _ => gold.StatusAsync());

        JsonElement before = await admin.GetFromJsonAsync<JsonElement>("/buckets?partition=c:gold-sample&policy=rating");
        JsonElement granted = await admin.PostJsonAsync(
            "/buckets/grant", new { partition = "c:gold-sample", policy = "rating", tokens = 10 });
        JsonElement address = await admin.GetFromJsonAsync<JsonElement>("/buckets?partition=t:gold:127.0.0.1&policy=address");
        JsonElement anyone = await admin.GetFromJsonAsync<JsonElement>("/buckets?partition=a:127.0.0.1&policy=address");
        JsonElement test = await admin.GetFromJsonAsync<JsonElement>("/buckets?partition=c:test&policy=rating");

        Assert.Equal(200, Capacity(before));
        Assert.InRange(Remaining(before), 150, 199);
        Assert.InRange(Remaining(granted), Remaining(before) + 10, 200);
        Assert.Equal((1000, 200, 10), (Capacity(address), Capacity(anyone), Capacity(test)));
    }

    [Fact]
    public async Task Buckets_BlockAndUnblock_EffectiveOnEveryReplicaAtOnce()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        TestEdge second = await stack.AddEdgeAsync(Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        using HttpClient there = second.CreateClient("test-key");
        Assert.Equal(HttpStatusCode.OK, await there.StatusAsync());

        JsonElement blocked = await admin.PostJsonAsync("/buckets/block", new { client = "test", seconds = 60 });
        using HttpResponseMessage refused = await there.SendAsync();
        using HttpResponseMessage refusedAgain = await there.SendAsync();
        HttpStatusCode other = await second.Client.StatusAsync("/rating", ("X-API-Key", "silver-key"));
        JsonElement unblocked = await admin.PostJsonAsync("/buckets/unblock", new { client = "test" });
        HttpStatusCode after = await there.StatusAsync();

        Assert.InRange(blocked[0].GetProperty("blockedForSeconds").GetDouble(), 50, 60);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(int.Parse(refused.Header("Retry-After")!), 50, 91);
        Assert.Contains("#abnormal-usage-detected", await refused.Content.ReadAsStringAsync());
        Assert.Contains("#abnormal-usage-detected", await refusedAgain.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, other);
        Assert.False(unblocked[0].TryGetProperty("blockedForSeconds", out _));
        Assert.Equal(HttpStatusCode.OK, after);
    }

    [Fact]
    public async Task Buckets_EveryChange_IsOneAuditLine()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();

        await admin.PostJsonAsync("/buckets/block", new { client = "test", seconds = 60 });
        await admin.PostJsonAsync("/buckets/unblock", new { client = "test" });
        await admin.PostJsonAsync("/buckets/grant", new { address = "127.0.0.1", policy = "rating", tokens = 5 });
        await admin.PostJsonAsync("/buckets/reset", new { partition = "c:test", policy = "rating" });
        await admin.PutRulesAsync("{}");
        await admin.GetAsync("/buckets?client=test");

        string[] audit = [.. stack.Edge.Logs.GetSnapshot().Where(record => record.Id.Id == 302).Select(record => record.Message)];
        Assert.Equal(5, audit.Length);
        Assert.Equal("Audit: block client test for 00:01:00, by admin key at 127.0.0.1: done.", audit[0]);
        Assert.StartsWith("Audit: grant address 127.0.0.1 policy rating 5 tokens", audit[2]);
        Assert.StartsWith("Audit: rules version ", audit[4]);
    }

    [Theory]
    [InlineData("/buckets/reset", "{}", 400, "exactly one of client, address")]
    [InlineData("/buckets/reset", "{\"client\":\"nobody\"}", 404)]
    [InlineData("/buckets/reset", "{\"client\":\"test\",\"address\":\"127.0.0.1\"}", 400, "exactly one of")]
    [InlineData("/buckets/reset", "{\"client\":\"test\",\"policy\":\"nope\"}", 404)]
    [InlineData("/buckets/reset", "{\"partition\":\"c:{test}\",\"policy\":\"rating\"}", 400, "partition is 'c:{test}'")]
    [InlineData("/buckets/reset", "{\"address\":\"010.0.0.1\"}", 400, "address is '010.0.0.1'; it must be an IP address")]
    [InlineData("/buckets/block", "{\"address\":\"10\",\"seconds\":60}", 400, "address is '10'; it must be an IP address")]
    [InlineData("/buckets/block", "{\"address\":\"fe80::1%\\nAudit: reset client test\",\"seconds\":60}", 400, "it must be an IP address")]
    [InlineData("/buckets/reset", "{\"clint\":\"test\"}", 400, "'clint' could not be mapped")]
    [InlineData("/buckets/grant", "{\"client\":\"test\",\"tokens\":0}", 400)]
    [InlineData("/buckets/block", "{\"client\":\"test\",\"seconds\":-1}", 400)]
    [InlineData("/buckets/block", "{\"client\":\"test\",\"seconds\":1e300}", 400)]
    [InlineData("/buckets/block", "{\"client\":\"test\",\"seconds\":\"long\"}", 400, "Path: $.seconds")]
    [InlineData("/buckets/block", "not json", 400, "invalid")]
    [InlineData("/buckets/block", "[1]", 400, "wrong type")]
    [InlineData("/buckets/block", "null", 400)]
    [InlineData("/buckets/block", "", 400)]
    [InlineData("/buckets/block", "{\"client\":\"test\"}", 400)]
    [InlineData("/buckets/grant", "{\"client\":\"test\",\"tokens\":9223372036854775808}", 400, "Path: $.tokens")]
    [InlineData("/buckets/grant", "{\"client\":{},\"tokens\":1}", 400, "Path: $.client")]
    [InlineData("/try", "{\"policy\":\"rating\",\"address\":\"127.0.0.1\",\"cost\":\"x\"}", 400, "Path: $.cost")]
    [InlineData("/try", "{\"policy\":\"rating\",\"address\":\"here\"}", 400, "address is 'here'")]
    [InlineData("/try", "{\"policy\":\"rating\",\"address\":\"0x7f.1\"}", 400, "address is '0x7f.1'")]
    [InlineData("/try", "{\"policy\":\"rating\",\"address\":\"127.0.0.1\",\"route\":\"ratng\"}", 400,
        "There is no route 'ratng'; there are: rating, ratings.")]
    [InlineData("/try", "{\"policy\":\"rating\"}", 400, "address is missing")]
    [InlineData("/try", "{\"address\":\"127.0.0.1\"}", 400, "policy is missing; it must be one of: address, rating.")]
    [InlineData("/try", "{\"policy\":null,\"address\":\"127.0.0.1\"}", 400, "policy is missing")]
    [InlineData("/try", "{\"policy\":\"rating\",\"address\":\"127.0.0.1\",\"method\":null}", 400, "method is null")]
    public async Task Change_BadRequest_ProblemAndNothingChanged(string path, string body, int expected, string detail = "")
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();

        using HttpResponseMessage response = await admin.PostAsync(path, AdminRequests.Json(body));

        Assert.Equal(expected, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Header("Content-Type"));
        string problem = await response.Content.ReadAsStringAsync();
        Assert.Contains(detail, problem);
        Assert.DoesNotMatch(TypeNames, problem);
        Assert.DoesNotContain(stack.Edge.Logs.GetSnapshot(), record => record.Id.Id == 302);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?policy=rating")]
    [InlineData("?client=")]
    [InlineData("?client=test&address=127.0.0.1")]
    [InlineData("?partition=c:test")]
    [InlineData("?address=10")]
    public async Task Buckets_WithoutOneSubject_400(string query)
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();

        using HttpResponseMessage response = await admin.GetAsync("/buckets" + query);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.DoesNotMatch(TypeNames, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Change_BodyOfAnotherType_415WithoutTypeNames()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();

        using HttpResponseMessage response = await admin.PostAsync("/buckets/reset", new StringContent("client=test"));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.DoesNotMatch(TypeNames, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Change_ControlCharacters_NotInTheLog()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();

        await admin.PutRulesAsync("{ \"Deny\": { \"Networks\": [\"a\\u001b[31m\\u0085\\u2028\\u202e\\nfail: b\"] }, \"Clients\": { "
            + "\"\\u001b]0;x\\u0007\": { \"Tier\": \"\\u009b\\r\\nfail\" } } }");
        await admin.PutRulesAsync("{}", over: "\"a\u009b\u0085b\"");
        await admin.PostAsync("/buckets/reset", AdminRequests.Json("""{ "address": "127.0.0.1", "policy": "RATING" }"""));

        Assert.All(
            stack.Edge.Logs.GetSnapshot().Where(record => record.Id.Id is 101 or 302),
            record => Assert.DoesNotMatch(@"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}-[\n]]", record.Message));
        Assert.DoesNotContain(stack.Edge.Logs.GetSnapshot()
            .SelectMany(record => record.Message.Split('\n')), line => line
            .StartsWith("fail", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("grant")]
    [InlineData("block")]
    [InlineData("unblock")]
    public async Task Change_WithoutRedis_503AndAudited(string change)
    {
        Requires.RedisServer();
        await using RedisServer own = await RedisServer.StartAsync();
        await using Stack stack = await Stack.StartAsync(
            own.ConnectionString, [.. Settings, ("OpenClaw:Edge:Limiter:Deadline", "00:00:00.200")]);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        own.Kill();

        using HttpResponseMessage response = await admin.PostAsync($"/buckets/{change}", AdminRequests.Json(change switch
        {
            "grant" => """{ "client": "test", "tokens": 1 }""",
            "block" => """{ "client": "test", "seconds": 1 }""",
            _ => """{ "client": "test" }""",
        }));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("unknown whether the change was made", await response.Content.ReadAsStringAsync());
        FakeLogRecord audit = Assert.Single(stack.Edge.Logs.GetSnapshot(), record => record.Id.Id == 302);
        Assert.StartsWith($"Audit: {change} client test", audit.Message);
        Assert.Contains(": failed, ", audit.Message);
    }

    [Fact]
    public async Task OpenApi_Document_DescribesEveryPathAndTheKey()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();

        JsonElement document = await admin.GetFromJsonAsync<JsonElement>("/openapi/v1.json");

        Assert.Equal(
            ["/audit", "/buckets", "/buckets/block", "/buckets/grant", "/buckets/reset", "/buckets/unblock", "/clients", "/clients/{id}",
                "/deliveries/failed", "/deliveries/failed/{streamId}/discard", "/deliveries/failed/{streamId}/retry", "/events",
                "/events/stream", "/lists", "/policies", "/policies/{name}", "/rules", "/rules/check", "/rules/schema", "/rules/versions",
                "/rules/versions/{version}", "/try", "/usage", "/usage/history", "/usage/stream", "/usage/top"],
            document.GetProperty("paths").EnumerateObject().Select(path => path.Name).Order(StringComparer.Ordinal));
        Assert.Equal("bearer", document.GetProperty("components")
            .GetProperty("securitySchemes")
            .GetProperty("adminKey")
            .GetProperty("scheme")
            .GetString());
        Assert.Equal(["200", "400", "401", "409", "412", "422", "503"], Statuses("/rules", "put"));
        Assert.Equal(["200", "400", "401", "404", "503"], Statuses("/buckets/grant", "post"));
        Assert.Equal(["200", "401", "404"], Statuses("/clients/{id}", "get"));
        Assert.Equal(["policy", "address"], Required("TrialRequest"));
        Assert.Equal(["tokens"], Required("GrantRequest"));
        Assert.Equal(["seconds"], Required("BlockRequest"));
        Assert.Empty(Required("ChangeRequest"));
        Assert.True(document.GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject())
            .All(operation => operation.Value.TryGetProperty("summary", out _)));

        IEnumerable<string> Statuses(string path, string method) =>
            document.GetProperty("paths")
                .GetProperty(path)
                .GetProperty(method)
                .GetProperty("responses")
                .EnumerateObject()
                .Select(response => response.Name)
                .Order(StringComparer.Ordinal);

        IEnumerable<string?> Required(string schema) =>
            document.GetProperty("components").GetProperty("schemas").GetProperty(schema).TryGetProperty("required", out JsonElement names)
            ? names.EnumerateArray().Select(name => name.GetString())
            : [];
    }

    private static int Capacity(JsonElement partitions) => partitions[0].GetProperty("buckets")[0].GetProperty("capacity").GetInt32();

    private static int Remaining(JsonElement partitions) => partitions[0].GetProperty("buckets")[0].GetProperty("remaining").GetInt32();
}
