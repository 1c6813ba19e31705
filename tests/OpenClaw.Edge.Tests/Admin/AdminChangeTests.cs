using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Logging.Testing;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Admin;

public sealed class AdminChangeTests(SharedRedis redis)
{
    private const string TypeNames = @"System\.|Microsoft\.|OpenClaw\.|Redis\.|Exception|\.NET";
    private static readonly (string, string?) Key = ("OpenClaw:Edge:Admin:Key", TestEdge.AdminKey);
    private static readonly (string, string?)[] Settings = [Key, .. Requests.Bucket("rating", "burst", 10)];

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
    [InlineData("/buckets/block", "{\"client\":\"test\",\"seconds\":\"NaN\"}", 400)]
    [InlineData("/buckets/block", "{\"client\":\"test\",\"seconds\":\"Infinity\"}", 400)]
    [InlineData("/buckets/block", "{\"client\":\"test\",\"seconds\":\"-Infinity\"}", 400)]
    [InlineData("/buckets/block", "{\"client\":\"test\",\"seconds\":1e999}", 400)]
    [InlineData("/buckets/block", "{\"client\":\"test\",\"seconds\":1e-300}", 400, "it must be above 0 and at most 31622400.")]
    [InlineData("/buckets/block", "{\"client\":\"test\",\"seconds\":31622401}", 400, "it must be above 0 and at most 31622400.")]
    [InlineData("/buckets/grant", "{\"client\":\"test\",\"tokens\":\"NaN\"}", 400)]
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

    [Theory]
    [InlineData("application/json; charset=nope", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json; charset=utf-7", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json; charset=", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json; charset=UTF-8", HttpStatusCode.OK)]
    [InlineData("application/json; charset=\"utf-8\"", HttpStatusCode.OK)]
    [InlineData("application/json; charset=iso-8859-1", HttpStatusCode.OK)]
    public async Task Change_CharsetOfTheBody_KnownOr415(string contentType, HttpStatusCode expected)
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        using ByteArrayContent body = new("""{ "client": "test" }"""u8.ToArray());
        body.Headers.TryAddWithoutValidation("Content-Type", contentType);

        using HttpResponseMessage response = await admin.PostAsync("/buckets/reset", body);

        Assert.Equal(expected, response.StatusCode);
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
        Assert.EndsWith("Try again when Redis is back.", audit.Message);
    }

    [Fact]
    public async Task Read_WithoutRedis_503ThatSpeaksOfNoChange()
    {
        Requires.RedisServer();
        await using RedisServer own = await RedisServer.StartAsync();
        await using Stack stack = await Stack.StartAsync(own.ConnectionString, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();
        own.Kill();

        foreach (string path in (string[])
            ["/events", "/events/stream", "/usage/history", "/audit", "/rules", "/rules/versions", "/deliveries/failed"])
        {
            using HttpResponseMessage response = await admin.GetAsync(path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            JsonElement problem = await response.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal(
                "Redis did not answer, so nothing can be read. Try again when Redis is back.", problem.GetProperty("detail").GetString());
        }
    }
}
