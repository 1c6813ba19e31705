using System.Net;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Proxying;

/// <summary>Streams here are idle for longer than half a second, the activity timeout of other responses.</summary>
public sealed class StreamTests(SharedRedis redis)
{
    private static readonly (string, string?) Activity = ("ReverseProxy:Clusters:rating-api:HttpRequest:ActivityTimeout", "00:00:00.500");
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.9);

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("text/event-stream; charset=utf-8")]
    [InlineData("application/x-ndjson")]
    [InlineData("application/connect+proto")]
    [InlineData("application/connect+json; charset=utf-8")]
    public async Task EventStream_SilentForLongerThanTheActivityTimeout_GoesOn(string type)
    {
        await using Stack stack = await Stack.StartAsync(redis, Activity);
        stack.Upstream.Handler = async context =>
        {
            context.Response.ContentType = type;
            await context.Response.Body.FlushAsync();
            for (int i = 0; i < 2; i++)
            {
                await Task.Delay(Pause, context.RequestAborted);
                await context.Response.WriteAsync($"data: {i}\n\n");
            }
        };

        using HttpResponseMessage response = await stack.Edge.Client.GetAsync("/rating", HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal("data: 0\n\ndata: 1\n\n", await response.Content.ReadAsStringAsync());
        Assert.Equal("\"burst\";q=20;w=4", response.Header("RateLimit-Policy"));
    }

    [Fact]
    public async Task EventStream_AnswerToAPost_GoesOn()
    {
        await using Stack stack = await Stack.StartAsync(redis, Activity);
        stack.Upstream.Handler = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync();
            await Task.Delay(Pause, context.RequestAborted);
            await context.Response.WriteAsync("data: " + await new StreamReader(context.Request.Body).ReadToEndAsync());
        };

        using HttpResponseMessage response = await stack.Edge.Client.PostAsync("/rating", new StringContent("question"));

        Assert.Equal("data: question", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task EventStream_SilentForLongerThanStreamsMayBe_BrokenOff()
    {
        await using Stack stack = await Stack.StartAsync(redis, Activity, ("OpenClaw:Edge:Upstream:StreamIdleTimeout", "00:00:01"));
        stack.Upstream.Handler = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: 0\n\n");
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };

        using HttpResponseMessage response = await stack.Edge.Client.GetAsync("/rating", HttpCompletionOption.ResponseHeadersRead);

        await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task EventStream_UpstreamBreaksOff_BrokenOffForTheClientToo()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        stack.Upstream.Handler = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: 0\n\n");
            await Task.Delay(200);
            context.Abort();
        };

        using HttpResponseMessage response = await stack.Edge.Client.GetAsync("/rating", HttpCompletionOption.ResponseHeadersRead);

        await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task OtherAnswer_StallsInTheBody_BrokenOffAfterTheActivityTimeout()
    {
        await using Stack stack = await Stack.StartAsync(redis, Activity);
        stack.Upstream.Handler = async context =>
        {
            await context.Response.WriteAsync("half");
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };

        using HttpResponseMessage response = await stack.Edge.Client.GetAsync("/rating", HttpCompletionOption.ResponseHeadersRead);

        await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync().WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task WebSocket_SilentInBothDirections_GoesOnBothWays()
    {
        await using Stack stack = await Stack.StartAsync(redis, Activity);
        stack.Upstream.Handler = EchoAsync;
        using ClientWebSocket client = new();
        await client.ConnectAsync(new UriBuilder(stack.Edge.Address) { Scheme = "ws", Path = "/rating" }.Uri, CancellationToken.None);

        for (int i = 0; i < 2; i++)
        {
            await Task.Delay(Pause);
            await client.SendAsync(Encoding.UTF8.GetBytes($"{i}"), WebSocketMessageType.Text, true, CancellationToken.None);
            byte[] buffer = new byte[16];
            WebSocketReceiveResult received = await client.ReceiveAsync(buffer, CancellationToken.None);
            Assert.Equal($"{i}", Encoding.UTF8.GetString(buffer, 0, received.Count));
        }
    }

    [Fact]
    public async Task WebSocket_UpstreamAnswersWithSomethingElseThatStalls_BrokenOffAfterTheActivityTimeout()
    {
        await using Stack stack = await Stack.StartAsync(redis, Activity);
        stack.Upstream.Handler = async context =>
        {
            await context.Response.WriteAsync("half");
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };

        string answer = await RawHttp.ExchangeAsync(stack.Edge.Address, Encoding.ASCII.GetBytes(
            "GET /rating HTTP/1.1\r\nHost: edge\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: "
                + "13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"));

        Assert.StartsWith("HTTP/1.1 200 ", answer);
        Assert.DoesNotContain("\r\n0\r\n", answer);
    }

    [Fact]
    public async Task WebSocket_UpstreamHangsBeforeItAgrees_504AfterTheActivityTimeout()
    {
        await using Stack stack = await Stack.StartAsync(redis, Activity);
        stack.Upstream.Handler = context =>
            Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

        int status = await RawHttp.StatusAsync(stack.Edge.Address, "GET /rating HTTP/1.1", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==")
            .WaitAsync(TimeSpan.FromSeconds(15));

        Assert.Equal(504, status);
    }

    [Theory]
    [InlineData("application/grpc")]
    [InlineData("application/grpc-web+proto")]
    [InlineData("application/connect+proto")]
    public async Task Call_SilentForLongerThanTheActivityTimeout_GoesOn(string type)
    {
        await using Stack stack = await Stack.StartAsync(redis, Activity);
        stack.Upstream.Handler = async context =>
        {
            await Task.Delay(Pause, context.RequestAborted);
            context.Response.ContentType = type;
            await context.Response.WriteAsync("first");
            await Task.Delay(Pause, context.RequestAborted);
            await context.Response.WriteAsync("second");
        };
        ByteArrayContent content = new(new byte[5]);
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using HttpResponseMessage response = await stack.Edge.Client.PostAsync("/rating", content);

        Assert.Equal("firstsecond", await response.Content.ReadAsStringAsync());
    }

    /// <summary>The time that Kestrel allows for the body of a request is short here as well: a call may send nothing for long.</summary>
    [Theory]
    [InlineData("application/grpc")]
    [InlineData("application/connect+json")]
    public async Task Call_OverHttp2SilentInBothDirections_GoesOnBothWays(string type)
    {
        await using TestUpstream upstream = await TestUpstream.StartAsync(EchoCallAsync, HttpProtocols.Http2);
        await using TestEdge edge = TestEdge.Create(
            (await redis.GetAsync()).ConnectionString, upstream.Address, $"call{Environment.ProcessId}",
            services => services.PostConfigure<KestrelServerOptions>(
                kestrel => kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(240, TimeSpan.FromSeconds(1.1))),
            Activity, ("Kestrel:EndpointDefaults:Protocols", "Http2"),
            ("ReverseProxy:Clusters:rating-api:HttpRequest:Version", "2"),
            ("ReverseProxy:Clusters:rating-api:HttpRequest:VersionPolicy", "RequestVersionExact"));
        await edge.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, "/rating")
        {
            Content = new PausingContent(type, TimeSpan.FromSeconds(4)),
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using HttpResponseMessage response = await edge.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal("firstsecond", await response.Content.ReadAsStringAsync());
    }

    private static async Task EchoCallAsync(HttpContext context)
    {
        context.Response.ContentType = context.Request.ContentType;
        await context.Response.Body.FlushAsync();
        byte[] buffer = new byte[16];
        while (await context.Request.Body.ReadAsync(buffer) is var read and > 0)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, read));
            await context.Response.Body.FlushAsync();
        }
    }

    private static async Task EchoAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            return;
        }

        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        byte[] buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer, CancellationToken.None) is { CloseStatus: null } received)
        {
            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, CancellationToken.None);
        }
    }

    /// <summary>Two parts of a body, and a pause between them.</summary>
    private sealed class PausingContent : HttpContent
    {
        private readonly TimeSpan _pause;

        public PausingContent(string type, TimeSpan pause)
        {
            _pause = pause;
            Headers.TryAddWithoutValidation("Content-Type", type);
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("first"u8.ToArray());
            await stream.FlushAsync();
            await Task.Delay(_pause);
            await stream.WriteAsync("second"u8.ToArray());
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
