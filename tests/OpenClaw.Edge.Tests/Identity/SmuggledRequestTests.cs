using System.Text;
using Microsoft.AspNetCore.Http;
using OpenClaw.Edge.Tests.Hosting;
using StackExchange.Redis;

namespace OpenClaw.Edge.Tests.Identity;

public sealed class SmuggledRequestTests(SharedRedis redis)
{
    private static readonly (string, string?)[] FiveRequests = Requests.Bucket("rating", "burst", 5);

    [Theory]
    [InlineData("OPTIONS")]
    [InlineData("HEAD")]
    public async Task UpgradeByAnotherMethod_WhichTheProxyWouldSendAsAGet_405(string method)
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. FiveRequests, ("OpenClaw:Edge:Policies:rating:Cost:Methods:HEAD", "0")]);
        stack.Upstream.Handler = context =>
        {
            context.Response.StatusCode = HttpMethods.IsGet(context.Request.Method)
                ? StatusCodes.Status418ImATeapot
                : StatusCodes.Status200OK;
            return Task.CompletedTask;
        };
        string[] upgrades = ["websocket", "WebSocket", "SPDY/3.1"];

        foreach (string upgrade in upgrades)
        {
            int status = await RawHttp.StatusAsync(
                stack.Edge.Address, $"{method} /rating HTTP/1.1", "Connection: Upgrade", $"Upgrade: {upgrade}",
                "Origin: https://app.example.com", "Access-Control-Request-Method: GET");
            Assert.Equal((upgrade, 405), (upgrade, status));
        }

        Assert.Empty(stack.Upstream.Requests);
    }

    [Theory]
    [InlineData("POST /rating HTTP/1.1\r\nHost: edge\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET "
        + "/ratings/smuggled HTTP/1.1\r\nHost: edge\r\n\r\n")]
    [InlineData("POST /rating HTTP/1.1\r\nHost: edge\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\nGET /ratings/smuggled "
        + "HTTP/1.1\r\nHost: edge\r\n\r\n")]
    [InlineData("POST /rating HTTP/1.1\r\nHost: edge\r\nContent-Length: 0\r\nContent-Length: 60\r\n\r\nGET /ratings/smuggled "
        + "HTTP/1.1\r\nHost: edge\r\n\r\n")]
    [InlineData("GET /rating HTTP/1.1\r\nHost: edge\r\nX-A: b\r\n folded: GET /ratings/smuggled\r\n\r\n")]
    [InlineData("GET /rating HTTP/1.1\r\nHost : edge\r\n\r\n")]
    [InlineData("GET /rating HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")]
    [InlineData("GET /rating HTTP/1.1\r\n\r\n")]
    public async Task SmuggledRequest_NothingReachesTheUpstreamUnlimited(string bytes)
    {
        await using Stack stack = await Stack.StartAsync(redis, Requests.Bucket("rating", "burst", 1));
        await stack.Edge.Client.StatusAsync();

        string answer = await RawHttp.ExchangeAsync(
            stack.Edge.Address, Encoding.Latin1.GetBytes(bytes.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")));

        Assert.DoesNotContain(" 200 ", answer);
        Assert.DoesNotContain("HTTP/1.1 5", answer);
        Assert.Single(stack.Upstream.Requests);
    }
}
