using System.Net;
using System.Text.Json;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.RateLimiting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Responses;

public sealed class FailureModeTests
{
    [Fact]
    public async Task Refused_ClosedPolicyWithoutRedis_503WithReducedCapacity()
    {
        await using RedisServer own = await RequireOwnRedisAsync();
        await using Stack stack = await Stack.StartAsync(
            own.ConnectionString, ("OpenClaw:Edge:Policies:rating:FailureMode", "Closed"),
            ("OpenClaw:Edge:Limiter:Deadline", "00:00:00.100"));
        own.Kill();

        using HttpResponseMessage response = await UntilAsync(stack.Edge.Client, HttpStatusCode.ServiceUnavailable);

        Assert.InRange(int.Parse(response.Header("Retry-After")!), 1, 2);
        using JsonDocument problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("https://iana.org/assignments/http-problem-types#temporary-reduced-capacity", problem.RootElement.GetProperty("type")
            .GetString());
        using HttpResponseMessage health = await stack.Edge.Management.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.StartsWith("Degraded\nredis: Redis does not decide (", await health.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("Open")]
    [InlineData("Local")]
    public async Task Request_OpenOrLocalPolicyWithoutRedis_GoesThrough(string failureMode)
    {
        await using RedisServer own = await RequireOwnRedisAsync();
        await using Stack stack = await Stack.StartAsync(
            own.ConnectionString, ("OpenClaw:Edge:Policies:rating:FailureMode", failureMode),
            ("OpenClaw:Edge:Limiter:Deadline", "00:00:00.100"));
        own.Kill();

        using HttpResponseMessage response = await stack.Edge.Client.SendAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("\"burst\";q=20;w=4", response.Header("RateLimit-Policy"));
    }

    private static async Task<RedisServer> RequireOwnRedisAsync()
    {
        Requires.RedisServer();
        return await RedisServer.StartAsync();
    }

    private static async Task<HttpResponseMessage> UntilAsync(HttpClient client, HttpStatusCode status)
    {
        HttpResponseMessage? response = null;
        await Poll.UntilAsync($"the edge answers {status}", async () =>
        {
            response = await client.SendAsync();
            return response.StatusCode == status;
        }, TimeSpan.FromSeconds(10));
        return response!;
    }
}
