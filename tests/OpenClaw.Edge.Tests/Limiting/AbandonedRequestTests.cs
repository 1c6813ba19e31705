using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Limiting;

/// <summary>Tests clients that leave before the response, under a policy whose upstream states the cost. Each request is charged 3 of 20
/// tokens before.</summary>
public sealed class AbandonedRequestTests(SharedRedis redis)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData("1.1", "7", 13)]
    [InlineData("1.1", "0", 20)]
    [InlineData("2.0", "7", 13)]
    [InlineData("2.0", "0", 20)]
    public async Task LeavesBeforeTheHead_UpstreamStatesTheCost_IsSettled(string version, string stated, int left)
    {
        await using Stack stack = await StartAsync(("Kestrel:EndpointDefaults:Protocols", version == "1.1" ? "Http1" : "Http2"));
        stack.Upstream.Handler = context => AnswerLateAsync(context, stated);

        await LeaveAsync(stack.Edge, HttpMethod.Get, Version.Parse(version));

        Assert.Equal(left, await LeftAsync(stack.Edge, left));
    }

    [Fact]
    public async Task LeavesAfterTheUpload_UpstreamStatesTheCost_IsSettled()
    {
        await using Stack stack = await StartAsync();
        stack.Upstream.Handler = async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await AnswerLateAsync(context, "7");
        };

        await LeaveAsync(stack.Edge, HttpMethod.Post, HttpVersion.Version11, new ByteArrayContent(new byte[100_000]));

        Assert.Equal(13, await LeftAsync(stack.Edge, 13));
    }

    [Fact]
    public async Task LeavesDuringTheUpload_UpstreamCallEndsAtOnceAndTheDefaultStays()
    {
        await using Stack stack = await StartAsync();
        stack.Upstream.Handler = async context =>
        {
            _arrived.SetResult();
            await EndedAsync(() => context.Request.Body.CopyToAsync(Stream.Null));
        };
        using (TcpClient client = new())
        {
            await client.ConnectAsync(stack.Edge.Address.Host, stack.Edge.Address.Port);
            const string Beginning = "POST /rating HTTP/1.1\r\nHost: edge\r\nX-API-Key: test-key\r\nContent-Length: 100000\r\n\r\nbegin";
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Beginning));
            await _arrived.Task.WaitAsync(Patience);
        }

        await _ended.Task.WaitAsync(Patience);
        Assert.Equal(17, await LeftAsync(stack.Edge, 17));
    }

    [Fact]
    public async Task LeavesDuringTheAnswer_StreamEndsAtOnceAndTheCostIsSettled()
    {
        await using Stack stack = await StartAsync();
        stack.Upstream.Handler = async context =>
        {
            context.Response.Headers["X-Real-Cost"] = "7";
            await context.Response.WriteAsync("data: 1\n\n");
            await EndedAsync(() => Task.Delay(Timeout.Infinite, context.RequestAborted));
        };
        using (HttpClient client = stack.Edge.CreateClient("test-key"))
        {
            using HttpResponseMessage head = await client.GetAsync("/rating", HttpCompletionOption.ResponseHeadersRead);
            Assert.Null(head.Header("X-Real-Cost"));
        }

        await _ended.Task.WaitAsync(Patience);
        Assert.Equal(13, await LeftAsync(stack.Edge, 13));
    }

    [Fact]
    public async Task WebSocketLeaves_UpstreamConnectionEndsAtOnce()
    {
        await using Stack stack = await StartAsync();
        stack.Upstream.Handler = async context =>
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
            await EndedAsync(async () => await socket.ReceiveAsync(new byte[16], CancellationToken.None));
        };
        using ClientWebSocket client = new();
        await client.ConnectAsync(new UriBuilder(stack.Edge.Address) { Scheme = "ws", Path = "/rating" }.Uri, CancellationToken.None);

        client.Abort();

        await _ended.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task Leaves_UpstreamDoesNotAnswer_CallEndsInTimeAndTheDefaultStays()
    {
        await using Stack stack = await StartAsync(
            ("OpenClaw:Edge:Upstream:CostTimeout", "00:00:02"), ("OpenClaw:Edge:Overload:MaxConcurrentRequests", "1"));
        stack.Upstream.Handler = async context =>
        {
            if (_arrived.TrySetResult())
            {
                await EndedAsync(() => Task.Delay(Timeout.Infinite, context.RequestAborted));
            }
        };

        await LeaveAsync(stack.Edge, HttpMethod.Get, HttpVersion.Version11);

        // The request stays in flight for as long as the edge waits.
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await stack.Edge.Client.StatusAsync());
        await _ended.Task.WaitAsync(Patience);
        Assert.Equal(17, await LeftAsync(stack.Edge, 17));
        await EventuallyAsync(async () => await stack.Edge.Client.StatusAsync("/rating") == HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("OpenClaw:Edge:Upstream:CostTimeout", "00:00:00")]
    [InlineData("OpenClaw:Edge:Allow:Clients:0", "test")]
    [InlineData("OpenClaw:Edge:Policies:rating:Cost:ResponseHeader", "")]
    public async Task Leaves_NoCostToLearn_UpstreamCallEndsAtOnce(string setting, string value)
    {
        await using Stack stack = await StartAsync((setting, value));
        stack.Upstream.Handler = async context =>
        {
            _arrived.SetResult();
            await EndedAsync(() => Task.Delay(Timeout.Infinite, context.RequestAborted));
        };

        await LeaveAsync(stack.Edge, HttpMethod.Get, HttpVersion.Version11);

        await _ended.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task Stays_UpstreamTooSlow_504WithoutWaitingForTheCost()
    {
        await using Stack stack = await StartAsync(("ReverseProxy:Clusters:rating-api:HttpRequest:ActivityTimeout", "00:00:01"));
        stack.Upstream.Handler = context => EndedAsync(() => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using HttpClient client = stack.Edge.CreateClient("test-key");

        Assert.Equal(HttpStatusCode.GatewayTimeout, await client.StatusAsync());

        await _ended.Task.WaitAsync(Patience);
        Assert.Equal(17, await LeftAsync(stack.Edge, 17));
    }

    [Fact]
    public async Task EdgeStops_ClientHasLeft_CostIsLearntFirst()
    {
        await using Stack stack = await StartAsync();
        TestEdge other = await stack.AddEdgeAsync([.. Settings()]);
        stack.Upstream.Handler = context => AnswerLateAsync(context, "7");

        await LeaveAsync(stack.Edge, HttpMethod.Get, HttpVersion.Version11);
        await stack.Edge.StopAsync();

        Assert.Equal(13, await LeftAsync(other, 13));
    }

    private static (string, string?)[] Settings() =>
    [
        .. Requests.Bucket("rating", "burst", 20), ("OpenClaw:Edge:Policies:rating:Cost:Default", "3"),
        ("OpenClaw:Edge:Policies:rating:Cost:ResponseHeader", "X-Real-Cost"), ("OpenClaw:Edge:Admin:Key", TestEdge.AdminKey),
        // Longer than any wait in a test.
        ("OpenClaw:Edge:Upstream:CostTimeout", "00:05:00"), ("OpenClaw:Edge:Drain:Timeout", "00:00:30"),
        ("ReverseProxy:Clusters:rating-api:HttpRequest:ActivityTimeout", "00:05:00"),
    ];

    private Task<Stack> StartAsync(params (string, string?)[] settings) => Stack.StartAsync(redis, [.. Settings(), .. settings]);

    /// <summary>Answers some time after the client has left, unless the edge cancels the call before.</summary>
    private async Task AnswerLateAsync(HttpContext context, string cost)
    {
        _arrived.SetResult();
        await Task.Delay(TimeSpan.FromSeconds(1), context.RequestAborted);
        context.Response.Headers["X-Real-Cost"] = cost;
    }

    /// <summary>Sends a request and leaves when it has reached the upstream.</summary>
    private async Task LeaveAsync(TestEdge edge, HttpMethod method, Version version, HttpContent? content = null)
    {
        using HttpClient client = edge.CreateClient("test-key");
        using CancellationTokenSource leaving = new();
        using HttpRequestMessage request = new(method, "/rating")
        {
            Content = content,
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        Task<HttpResponseMessage> answer = client.SendAsync(request, leaving.Token);
        await _arrived.Task.WaitAsync(Patience);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    /// <summary>Waits at the upstream until the edge ends the call.</summary>
    private async Task EndedAsync(Func<Task> wait)
    {
        try
        {
            await wait();
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or WebSocketException)
        {
            // The outcome does not matter.
        }

        _ended.SetResult();
    }

    /// <summary>The client's tokens once they are as many as expected, or after a long time.</summary>
    private static async Task<int> LeftAsync(TestEdge edge, int expected)
    {
        using HttpClient admin = edge.CreateAdminClient();
        int left = -1;
        await EventuallyAsync(async () =>
        {
            JsonElement partitions = await admin.GetFromJsonAsync<JsonElement>("/buckets?partition=c:test&policy=rating");
            left = partitions[0].GetProperty("buckets")[0].GetProperty("remaining").GetInt32();
            return left == expected;
        });
        return left;
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using CancellationTokenSource deadline = new(Patience);
        while (!deadline.IsCancellationRequested && !await condition())
        {
            await Task.Delay(50);
        }
    }
}
