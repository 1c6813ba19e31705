using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Overload;

public sealed class OverloadTests(SharedRedis redis)
{
    [Fact]
    public async Task Requests_AboveTheConcurrencyLimit_ShedWithRetryAfterAndWithoutCharge()
    {
        await using Stack stack = await Stack.StartAsync(redis,
        [
            .. Requests.Bucket("rating", "burst", 3), ("OpenClaw:Edge:Overload:MaxConcurrentRequests", "2"),
            ("OpenClaw:Edge:Overload:MaxConcurrentRequestsPerAddress", "2"),
        ]);
        TaskCompletionSource release = new();
        stack.Upstream.Handler = _ => release.Task;
        using MetricCounter shed = new(stack.Edge.Services, "openclaw.edge.shed_requests");
        Task<HttpStatusCode>[] busy = [stack.Edge.Client.StatusAsync(), stack.Edge.Client.StatusAsync()];
        await TestServers.Poll.UntilAsync("both are at the upstream", () => stack.Upstream.Requests.Count == 2, TimeSpan.FromSeconds(10));

        using HttpResponseMessage refused = await stack.Edge.Client.SendAsync();
        HttpStatusCode health = await stack.Edge.Management.StatusAsync("/health");
        release.SetResult();
        HttpStatusCode[] finished = await Task.WhenAll(busy);
        HttpStatusCode third = await stack.Edge.Client.StatusAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.InRange(int.Parse(refused.Header("Retry-After")!), 1, 3);
        Assert.Contains(
            "#temporary-reduced-capacity", JsonElement.Parse(await refused.Content.ReadAsStringAsync()).GetProperty("type").GetString());
        Assert.Equal(HttpStatusCode.OK, health);
        Assert.All(finished, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(HttpStatusCode.OK, third);
        Assert.Equal((1, 1), (shed.Sum("result=edge_full"), shed.Sum()));
    }

    [Fact]
    public async Task Requests_FarMoreThanTheLimit_SlotsAreAllGivenBack()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, ("OpenClaw:Edge:Overload:MaxConcurrentRequests", "4"), ("OpenClaw:Edge:Overload:MaxConcurrentRequestsPerAddress", "4"),
            ("OpenClaw:Edge:Allow:Networks:0", "127.0.0.0/8"));
        stack.Upstream.Handler = _ => Task.Delay(5);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => stack.Edge.Client.StatusAsync()));
        HttpStatusCode[] after = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => stack.Edge.Client.StatusAsync()));

        Assert.All(after, status => Assert.Equal(HttpStatusCode.OK, status));
    }

    [Theory]
    [InlineData("Content-Length: 100001\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n186a1\r\n")]
    public async Task Body_AboveTheLimit_413(string framing)
    {
        await using Stack stack = await Stack.StartAsync(redis, ("OpenClaw:Edge:Overload:MaxRequestBodyBytes", "100000"));
        stack.Upstream.Handler = async context => await context.Request.Body.CopyToAsync(Stream.Null);

        byte[] request = Encoding.ASCII.GetBytes(
            $"POST /rating HTTP/1.1\r\nHost: edge\r\nConnection: close\r\n{framing}{new string('x', 100_001)}\r\n0\r\n\r\n");

        Assert.Equal(413, await RawHttp.SendAsync(stack.Edge.Address, request));
    }

    [Fact]
    public async Task Headers_AboveTheLimits_431And414()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        Uri edge = stack.Edge.Address;

        Assert.Equal(431, await RawHttp.StatusAsync(edge, "GET /rating HTTP/1.1", "X-Large: " + new string('x', 17_000)));
        Assert.Equal(431, await RawHttp.StatusAsync(edge, "GET /rating HTTP/1.1", [.. Enumerable.Range(0, 70).Select(i => $"X-{i}: x")]));
        Assert.Equal(414, await RawHttp.StatusAsync(edge, $"GET /ratings/{new string('x', 9_000)} HTTP/1.1"));
        Assert.Empty(stack.Upstream.Requests);
    }

    [Fact]
    public async Task Headers_ThatNeverEnd_ConnectionIsGivenUp()
    {
        await using Stack stack = await Stack.StartAsync(redis, ("OpenClaw:Edge:Overload:RequestHeadersTimeout", "00:00:01"));

        string answer = await RawHttp.ExchangeAsync(stack.Edge.Address, "GET /rating HTTP/1.1\r\nHost: edge\r\nX-Slow: "u8.ToArray());

        Assert.StartsWith("HTTP/1.1 408", answer);
    }

    [Fact]
    public async Task Connections_AboveTheLimit_AreClosed()
    {
        await using Stack stack = await Stack.StartAsync(redis, ("OpenClaw:Edge:Overload:MaxConnections", "1"));
        using HttpClient first = stack.Edge.CreateClient();
        Assert.Equal(HttpStatusCode.OK, await first.StatusAsync());

        using HttpClient second = stack.Edge.CreateClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => second.StatusAsync());

        Assert.Equal(HttpStatusCode.OK, await first.StatusAsync());
    }

    [Fact]
    public async Task WebSockets_AboveTheLimit_AreRefusedAndAnOpenOneGoesOn()
    {
        await using Stack stack = await Stack.StartAsync(redis, ("OpenClaw:Edge:Overload:MaxUpgradedConnections", "1"));
        stack.Upstream.Handler = async context =>
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
            byte[] buffer = new byte[16];
            WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, CancellationToken.None);
            await socket.SendAsync(buffer.AsMemory(0, received.Count), WebSocketMessageType.Text, true, CancellationToken.None);
        };
        Uri address = new UriBuilder(stack.Edge.Address) { Scheme = "ws", Path = "/rating" }.Uri;
        using ClientWebSocket first = new();
        await first.ConnectAsync(address, CancellationToken.None);

        using ClientWebSocket second = new();
        second.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => second.ConnectAsync(address, CancellationToken.None));
        await first.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        byte[] echo = new byte[16];
        WebSocketReceiveResult answer = await first.ReceiveAsync(echo, CancellationToken.None);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.HttpStatusCode);
        Assert.Equal("hello"u8.ToArray(), echo[..answer.Count]);
    }

    /// <summary>A request that YARP does not upgrade ends with its response, as any other.</summary>
    [Theory]
    [InlineData(503, "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA")]
    [InlineData(503, "Upgrade: websocket")]
    [InlineData(503, "Connection: Upgrade", "Upgrade: websocket, h2c")]
    [InlineData(503, "Connection: Upgrade", "Upgrade: websockets")]
    [InlineData(200, "Connection: Upgrade", "Upgrade: WebSocket")]
    [InlineData(200, "Connection: keep-alive, upgrade", "Upgrade: SPDY/3.1")]
    public async Task Upgrade_NoPlaceForRequestsLeft_OnlyWhatYarpUpgradesHasPlacesOfItsOwn(int expected, params string[] headers)
    {
        await using Stack stack = await Stack.StartAsync(redis, ("OpenClaw:Edge:Overload:MaxConcurrentRequests", "1"));
        TaskCompletionSource release = new();
        stack.Upstream.Handler = context => context.Request.Path == "/ratings/slow" ? release.Task : Task.CompletedTask;
        Task<HttpStatusCode> slow = stack.Edge.Client.StatusAsync("/ratings/slow");
        await TestServers.Poll.UntilAsync("it is at the upstream", () => !stack.Upstream.Requests.IsEmpty, TimeSpan.FromSeconds(10));

        int status = await RawHttp.StatusAsync(stack.Edge.Address, "GET /rating HTTP/1.1", headers);
        release.SetResult();
        await slow;

        Assert.Equal(expected, status);
    }

    [Fact]
    public async Task GrpcCalls_AboveTheConcurrencyLimit_UnavailableWithPushback()
    {
        await using Stack stack = await Stack.StartAsync(redis, ("OpenClaw:Edge:Overload:MaxConcurrentRequests", "1"));
        TaskCompletionSource release = new();
        stack.Upstream.Handler = _ => release.Task;
        Task<HttpStatusCode> busy = stack.Edge.Client.StatusAsync();
        await TestServers.Poll.UntilAsync("it is at the upstream", () => !stack.Upstream.Requests.IsEmpty, TimeSpan.FromSeconds(10));
        using ByteArrayContent content = new([0, 0, 0, 0, 0]);
        content.Headers.ContentType = new("application/grpc");

        using HttpResponseMessage refused = await stack.Edge.Client.PostAsync("/rating", content);
        release.SetResult();
        await busy;

        Assert.Equal("14", refused.Header("grpc-status"));
        Assert.InRange(int.Parse(refused.Header("grpc-retry-pushback-ms")!), 1000, 3000);
    }
}
