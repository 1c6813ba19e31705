using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Admin;

public sealed class AdminApiTests(SharedRedis redis)
{
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

    [Theory]
    [InlineData("/policies", HttpStatusCode.OK)]
    [InlineData("/buckets?client=test", HttpStatusCode.OK)]
    [InlineData("/buckets", HttpStatusCode.BadRequest)]
    [InlineData("/usage", HttpStatusCode.OK)]
    [InlineData("/usage/stream", HttpStatusCode.OK)]
    [InlineData("/events/stream", HttpStatusCode.OK)]
    [InlineData("/rules", HttpStatusCode.NotFound)]
    [InlineData("/rules/schema", HttpStatusCode.OK)]
    [InlineData("/openapi/v1.json", HttpStatusCode.OK)]
    [InlineData("/buckets/reset", HttpStatusCode.MethodNotAllowed)]
    public async Task Head_WhereGetIsAnswered_HasItsStatusAndTypeAndNoBody(string path, HttpStatusCode expected)
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        using HttpClient admin = stack.Edge.CreateAdminClient();

        using HttpResponseMessage head = await admin.SendAsync(HttpMethod.Head, path);
        using HttpResponseMessage get = await admin.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal((expected, expected), (head.StatusCode, get.StatusCode));
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
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
}
