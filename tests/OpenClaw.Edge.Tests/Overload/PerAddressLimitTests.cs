using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Overload;

/// <summary>Tests the limit of requests in flight per address. The default is half of the total limit.</summary>
public sealed class PerAddressLimitTests(SharedRedis redis)
{
    private const string Slow = "/ratings/slow";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task SlowBodies_ManyFromOneAddress_OthersAreServedAndThePlacesComeBackWithTheConnections()
    {
        await using Stack stack = await StartAsync(("OpenClaw:Edge:Overload:MaxConcurrentRequests", "4"));
        using MetricCounter active = new(stack.Edge.Services, "openclaw.edge.active_requests");
        using MetricCounter shed = new(stack.Edge.Services, "openclaw.edge.shed_requests");
        using HttpClient slow = stack.Edge.CreateClient(from: "127.0.0.2");
        using HttpClient sameAddress = stack.Edge.CreateClient(from: "127.0.0.2");
        using CancellationTokenSource connections = new();
        Task<HttpResponseMessage>[] bodies =
            [.. Enumerable.Range(0, 8).Select(_ => slow.PostAsync(Slow, new SlowContent(), connections.Token))];
        await TestServers.Poll.UntilAsync(
            () => $"two have a place and six are refused; {active.Sum()} have one, {shed.Sum("result=address_full")} are, and the bodies "
                + $"{string.Join(", ", bodies.Select(Describe))}",
            () => active.Sum() == 2 && shed.Sum("result=address_full") == 6,
            Patience);

        HttpStatusCode same = await sameAddress.StatusAsync();
        HttpStatusCode[] others = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => stack.Edge.Client.StatusAsync()));
        await connections.CancelAsync();
        await ((Task)Task.WhenAll(bodies)).ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await TestServers.Poll.UntilAsync("the gate are back", () => active.Sum() == 0, Patience);

        Assert.Equal(HttpStatusCode.TooManyRequests, same);
        Assert.All(others, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(HttpStatusCode.OK, await sameAddress.StatusAsync());
        Assert.Equal(0, shed.Sum("result=edge_full"));
    }

    [Fact]
    public async Task Addresses_BehindATrustedProxy_ShareByNetworkPrefix()
    {
        await using Stack stack = await StartAsync(
            ("OpenClaw:Edge:ClientAddress:TrustedNetworks:0", "127.0.0.0/8"),
            ("OpenClaw:Edge:Overload:MaxConcurrentRequestsPerAddress", "2"));
        TaskCompletionSource release = HoldSlow(stack);
        Task<HttpStatusCode>[] held = [FromAsync("2001:db8:1:2::1", Slow), FromAsync("2001:db8:1:2:ffff::", Slow)];
        await UntilAtTheUpstreamAsync(stack, 2);

        HttpStatusCode neighbour = await FromAsync("2001:db8:1:2::3");
        HttpStatusCode stranger = await FromAsync("2001:db8:1:3::1");
        HttpStatusCode proxy = await stack.Edge.Client.StatusAsync();
        release.SetResult();

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], await Task.WhenAll(held));
        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.OK, HttpStatusCode.OK), (neighbour, stranger, proxy));
        Assert.Equal(HttpStatusCode.OK, await FromAsync("2001:db8:1:2::3"));

        Task<HttpStatusCode> FromAsync(string address, string path = "/rating") =>
            stack.Edge.Client.StatusAsync(path, ("X-Forwarded-For", $"203.0.113.9, {address}"));
    }

    [Fact]
    public async Task Request_AboveTheShare_429InTheClientsOwnFormAndUncharged()
    {
        await using Stack stack = await StartAsync(
            [.. Requests.Bucket("rating", "burst", 2), ("OpenClaw:Edge:Overload:MaxConcurrentRequestsPerAddress", "1")]);
        TaskCompletionSource release = HoldSlow(stack);
        Task<HttpStatusCode> held = stack.Edge.Client.StatusAsync(Slow);
        await UntilAtTheUpstreamAsync(stack, 1);

        using HttpResponseMessage get = await stack.Edge.Client.SendAsync();
        using HttpResponseMessage head = await stack.Edge.Client.SendAsync(HttpMethod.Head, "/rating");
        using ByteArrayContent message = new([0, 0, 0, 0, 0]);
        message.Headers.ContentType = new("application/grpc");
        using HttpResponseMessage grpc = await stack.Edge.Client.PostAsync("/rating", message);
        release.SetResult();
        await held;
        HttpStatusCode last = await stack.Edge.Client.StatusAsync();

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests), (get.StatusCode, head.StatusCode));
        Assert.InRange(int.Parse(get.Header("Retry-After")!), 1, 3);
        Assert.Equal("application/problem+json", get.Header("Content-Type"));
        JsonElement problem = JsonElement.Parse(await get.Content.ReadAsStringAsync());
        Assert.EndsWith("#abnormal-usage-detected", problem.GetProperty("type").GetString());
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        Assert.Equal(get.Header("Content-Length"), head.Header("Content-Length"));
        Assert.Equal("8", grpc.Header("grpc-status"));
        Assert.InRange(int.Parse(grpc.Header("grpc-retry-pushback-ms")!), 1000, 3000);
        Assert.Equal(HttpStatusCode.OK, last);
    }

    [Theory]
    [InlineData("ReverseProxy:Routes:rating:RateLimiterPolicy", "disable")]
    [InlineData("OpenClaw:Edge:Allow:Networks:0", "127.0.0.0/8")]
    public async Task Request_NotLimited_HasItsShareAllTheSame(string setting, string value)
    {
        await using Stack stack = await StartAsync((setting, value), ("OpenClaw:Edge:Overload:MaxConcurrentRequestsPerAddress", "1"));
        TaskCompletionSource release = HoldSlow(stack);
        Task<HttpStatusCode> held = stack.Edge.Client.StatusAsync(Slow);
        await UntilAtTheUpstreamAsync(stack, 1);

        HttpStatusCode above = await stack.Edge.Client.StatusAsync();
        release.SetResult();
        await held;

        Assert.Equal(HttpStatusCode.TooManyRequests, above);
    }

    [Fact]
    public async Task WebSockets_ManyFromOneAddress_OthersGetTheirsAndAClosedOneIsAPlaceAgain()
    {
        await using Stack stack = await StartAsync(("OpenClaw:Edge:Overload:MaxUpgradedConnections", "2"));
        stack.Upstream.Handler = async context =>
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
            await socket.ReceiveAsync(new byte[16], CancellationToken.None);
        };
        Uri address = new UriBuilder(stack.Edge.Address) { Scheme = "ws", Path = "/rating" }.Uri;
        using HttpClient one = stack.Edge.CreateClient(from: "127.0.0.2");
        using ClientWebSocket first = new();
        await first.ConnectAsync(address, one, CancellationToken.None);
        using ClientWebSocket second = new();
        second.Options.CollectHttpResponseDetails = true;

        await Assert.ThrowsAsync<WebSocketException>(() => second.ConnectAsync(address, one, CancellationToken.None));
        using ClientWebSocket other = new();
        await other.ConnectAsync(address, CancellationToken.None);
        first.Abort();

        Assert.Equal(HttpStatusCode.TooManyRequests, second.HttpStatusCode);
        Assert.Equal(WebSocketState.Open, other.State);
        await TestServers.Poll.UntilAsync("the place is back", async () =>
        {
            using ClientWebSocket third = new();
            await third.ConnectAsync(address, one, CancellationToken.None);
            return true;
        }, Patience);
    }

    /// <summary>An edge in front of an upstream that holds requests with slow bodies and answers all others.</summary>
    private async Task<Stack> StartAsync(params (string, string?)[] settings)
    {
        Stack stack = await Stack.StartAsync(redis, settings);
        HoldSlow(stack);
        return stack;
    }

    /// <summary>Requests to the slow path are held until the result is set or they are aborted.</summary>
    private static TaskCompletionSource HoldSlow(Stack stack)
    {
        TaskCompletionSource release = new();
        stack.Upstream.Handler = context =>
            context.Request.Path == Slow ? release.Task.WaitAsync(context.RequestAborted) : context.Response.WriteAsync("ok");
        return release;
    }

    private static string Describe(Task<HttpResponseMessage> body) =>
        body.IsCompletedSuccessfully ? $"{(int)body.Result.StatusCode}" : body.Exception?.GetBaseException().Message ?? $"{body.Status}";

    private static Task UntilAtTheUpstreamAsync(Stack stack, int requests) =>
        TestServers.Poll.UntilAsync("they are at the upstream", () => stack.Upstream.Requests.Count == requests, Patience);
}
