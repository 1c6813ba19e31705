using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Proxying;

public sealed class MethodTests(SharedRedis redis)
{
    private const string Forwarded = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

    private static readonly (string, string?) Http2 = ("Kestrel:EndpointDefaults:Protocols", "Http2");

    [Fact]
    public async Task ConnectAndTrace_AnyForm_AnsweredByTheEdgeAndUncharged()
    {
        await using Stack stack = await Stack.StartAsync(redis, Requests.Bucket("rating", "burst", 1));
        string host = stack.Edge.Address.Authority;
        (string Line, int Status)[] cases =
        [
            ("CONNECT /rating", 405), ("connect /rating", 405), ($"CONNECT http://{host}/rating", 405), ("CONNECT /health", 404),
            ("CONNECT /nothing", 404),
            ($"CONNECT {host}", 404), ("CONNECT other.example:443", 400), ("CONNECT *", 405),
            ("TRACE /rating", 405), ("trace /ratings/x", 405), ("TRACE /health", 404), ("TRACE /nothing", 404), ("TRACE *", 405),
        ];

        foreach ((string line, int status) in cases)
        {
            Assert.Equal((line, status),
                (line, await RawHttp.StatusAsync(stack.Edge.Address, $"{line} HTTP/1.1", "Authorization: Bearer test-key")));
        }

        Assert.Empty(stack.Upstream.Requests);
        Assert.Equal(HttpStatusCode.OK, await stack.Edge.Client.StatusAsync());
        // 405 to both, and now that the bucket is empty too.
        Assert.Equal(405, await RawHttp.StatusAsync(stack.Edge.Address, "CONNECT /rating HTTP/1.1"));
    }

    [Fact]
    public async Task Trace_RouteWithoutMethods_405NamesWhatIsForwarded()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, ("ReverseProxy:Routes:any:Match:Path", "/any"), ("ReverseProxy:Routes:any:ClusterId", "rating-api"),
            ("ReverseProxy:Routes:any:RateLimiterPolicy", "rating"));

        using HttpResponseMessage response = await stack.Edge.Client.SendAsync(HttpMethod.Trace, "/any");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(Forwarded, string.Join(", ", response.Content.Headers.Allow));
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task RouteWithMethods_NotNamingTrace_405WithTheRoutesMethods()
    {
        await using Stack stack = await Stack.StartAsync(redis, ("ReverseProxy:Routes:ratings:Match:Methods:0", "GET"));

        using HttpResponseMessage response = await stack.Edge.Client.SendAsync(HttpMethod.Trace, "/ratings/a");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET"], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task RouteWithMethods_NamingTrace_IsForwarded()
    {
        await using Stack stack = await Stack.StartAsync(redis, ("ReverseProxy:Routes:rating:Match:Methods:0", "TRACE"));
        stack.Upstream.Handler = context => context.Response.WriteAsync(context.Request.Method);

        using HttpResponseMessage response = await stack.Edge.Client.SendAsync(HttpMethod.Trace, "/rating");

        Assert.Equal("TRACE", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task RouteAsShipped_OtherMethod_405UnchargedAndAPreflightIsForwarded()
    {
        using JsonDocument shipped = JsonDocument.Parse(await File.ReadAllTextAsync(Repository.Path("OpenClaw.Edge", "appsettings.json")));
        JsonElement named = shipped.RootElement.GetProperty("ReverseProxy")
            .GetProperty("Routes")
            .GetProperty("rating")
            .GetProperty("Match")
            .GetProperty("Methods");
        (string, string?)[] methods = [.. named.EnumerateArray()
            .Index()
            .Select(entry => ($"ReverseProxy:Routes:rating:Match:Methods:{entry.Index}", entry.Item.GetString()))];
        await using Stack stack = await Stack.StartAsync(
            redis, [.. methods, .. Requests.Bucket("rating", "burst", 2), .. Requests.Bucket("address", "address", 3)]);

        foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head, HttpMethod.Put])
        {
            using HttpResponseMessage response = await stack.Edge.Client.SendAsync(method, "/rating");
            Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
            Assert.Equal(["OPTIONS", "POST"], response.Content.Headers.Allow.Order());
            Assert.Null(response.Header("RateLimit-Policy"));
        }

        Assert.Empty(stack.Upstream.Requests);
        using HttpResponseMessage preflight = await stack.Edge.Client.SendAsync(
            HttpMethod.Options, "/rating", ("Origin", "https://app.example.com"), ("Access-Control-Request-Method", "POST"));
        using HttpResponseMessage posted = await stack.Edge.Client.SendAsync(HttpMethod.Post, "/rating");
        using HttpResponseMessage read = await stack.Edge.Client.SendAsync(HttpMethod.Get, "/ratings/x");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK), (preflight.StatusCode, posted.StatusCode, read.StatusCode));
        Assert.StartsWith("\"burst\";r=0;", read.Header("RateLimit"));
    }

    [Fact]
    public async Task ExtendedConnect_WebSocket_IsForwarded()
    {
        await using Stack stack = await Stack.StartAsync(redis, Http2);
        stack.Upstream.Handler = async context =>
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", CancellationToken.None);
        };

        foreach (string protocol in (string[])["websocket", "WebSocket"])
        {
            using HttpResponseMessage response = await ExtendedConnectAsync(stack, protocol);

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            // The closing frame: opcode 8, 6 bytes unmasked, status 1000, text.
            byte[] frame = new byte[8];
            await (await response.Content.ReadAsStreamAsync()).ReadExactlyAsync(frame);
            Assert.Equal([0x88, 6, 0x03, 0xE8, .. "done"u8], frame);
        }
    }

    [Fact]
    public async Task ExtendedConnect_WebSocket_CostsWhatAGetDoesAndTakesAPlaceOfItsOwn()
    {
        await using Stack stack = await Stack.StartAsync(redis,
        [
            Http2, .. Requests.Bucket("rating", "burst", 10), ("OpenClaw:Edge:Policies:rating:Cost:Methods:GET", "4"),
            ("OpenClaw:Edge:Overload:MaxUpgradedConnections", "1"),
        ]);
        TaskCompletionSource release = new();
        stack.Upstream.Handler = async context =>
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
            await release.Task;
        };

        using HttpResponseMessage first = await ExtendedConnectAsync(stack, "websocket");
        using HttpResponseMessage second = await ExtendedConnectAsync(stack, "websocket");
        release.SetResult();

        Assert.StartsWith("\"burst\";r=6;", first.Header("RateLimit"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
    }

    [Fact]
    public async Task ExtendedConnect_OtherProtocol_405()
    {
        await using Stack stack = await Stack.StartAsync(redis, Http2);

        foreach (string protocol in (string[])["webtransport", "connect-udp", "websockets"])
        {
            using HttpResponseMessage response = await ExtendedConnectAsync(stack, protocol);

            Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
            Assert.Equal(Forwarded, string.Join(", ", response.Content.Headers.Allow));
        }

        Assert.Empty(stack.Upstream.Requests);
    }

    private static async Task<HttpResponseMessage> ExtendedConnectAsync(Stack stack, string protocol)
    {
        HttpRequestMessage request = new(
            HttpMethod.Connect, "/ratings/ws") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.Protocol = protocol;
        request.Headers.Add("Sec-WebSocket-Version", "13");
        return await stack.Edge.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
