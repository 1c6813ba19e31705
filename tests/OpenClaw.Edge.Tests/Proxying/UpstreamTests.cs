using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Proxying;

public sealed class UpstreamTests(SharedRedis redis)
{
    private const string Cluster = "ReverseProxy:Clusters:rating-api";

    [Fact]
    public async Task Upstream_Down_502AtOnce()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        await stack.Upstream.DisposeAsync();
        Stopwatch watch = Stopwatch.StartNew();

        HttpStatusCode status = await stack.Edge.Client.StatusAsync();

        Assert.Equal(HttpStatusCode.BadGateway, status);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(8), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task Upstream_DownForAMomentAsShipped_ServesOnceItAnswers()
    {
        RedisServer server = await redis.GetAsync();
        int port = LoopbackPort.Free();
        await using TestEdge edge = await TestEdge.StartAsync(
            server.ConnectionString, $"http://127.0.0.1:{port}", $"moment{port}", ("OpenClaw:Edge:Allow:Networks:0", "127.0.0.0/8"));
        for (int i = 0; i < 14; i++)
        {
            await edge.Client.StatusAsync();
        }

        await using TestUpstream upstream = await TestUpstream.StartAsync(port: port);

        await Poll.UntilAsync(
            "it serves again", async () => await edge.Client.StatusAsync() == HttpStatusCode.OK, TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Upstream_SlowForOneClient_OthersAreServed(bool hasPassiveChecks)
    {
        await using Stack stack = await Stack.StartAsync(
            redis, ($"{Cluster}:HttpRequest:ActivityTimeout", "00:00:00.300"), ("OpenClaw:Edge:Allow:Networks:0", "127.0.0.0/8"),
            ($"{Cluster}:HealthCheck:Passive:Enabled", $"{hasPassiveChecks}"));
        stack.Upstream.Handler = context => context.Request.Path == "/ratings/slow"
            ? Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default)
            : context.Response.WriteAsync("ok");

        HttpStatusCode[] slow = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => stack.Edge.Client.StatusAsync("/ratings/slow")));

        Assert.All(slow, status => Assert.Equal(HttpStatusCode.GatewayTimeout, status));
        Assert.Equal(HttpStatusCode.OK, await stack.Edge.Client.StatusAsync());
    }

    [Fact]
    public async Task Upstream_SwallowsConnectionAttempts_504AfterTheConnectTimeout()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        using BlackHole hole = await BlackHole.OpenAsync();
        TestEdge edge = await stack.AddEdgeAsync(
            ($"{Cluster}:Destinations:rating-api:Address", hole.Address), ("OpenClaw:Edge:Upstream:ConnectTimeout", "00:00:00.300"),
            ($"{Cluster}:HttpRequest:ActivityTimeout", "00:01:00"));

        Task<HttpStatusCode> status = edge.Client.StatusAsync();

        Assert.Equal(HttpStatusCode.GatewayTimeout, await status.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Upstream_AcceptsAndSaysNothing_504AfterTheTimeout()
    {
        await using Stack stack = await Stack.StartAsync(redis, ($"{Cluster}:HttpRequest:ActivityTimeout", "00:00:00.500"));
        stack.Upstream.Handler = context =>
            Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

        using HttpResponseMessage response = await stack.Edge.Client.SendAsync();

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal("\"burst\";q=20;w=4", response.Header("RateLimit-Policy"));
    }

    [Fact]
    public async Task Upstream_ClosesInsteadOfAnswering_502()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        stack.Upstream.Handler = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };

        Assert.Equal(HttpStatusCode.BadGateway, await stack.Edge.Client.StatusAsync());
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("POST", "Content-Length: 0")]
    [InlineData("PATCH")]
    [InlineData("BREW")]
    public async Task Upstream_HangsUpOnARequestThatMayNotBeRepeated_502AndSentOnce(string method, params string[] headers)
    {
        await using Stack stack = await Stack.StartAsync(redis);
        using HangUp upstream = new();
        TestEdge edge = await stack.AddEdgeAsync(
            ($"{Cluster}:Destinations:rating-api:Address", upstream.Address), ($"{Cluster}:HealthCheck:Active:Enabled", "false"));

        int status = await RawHttp.StatusAsync(edge.Client.BaseAddress!, $"{method} /ratings/a HTTP/1.1", headers);

        Assert.Equal(502, status);
        Assert.Equal([$"{method} /ratings/a HTTP/1.1"], upstream.Requests);
    }

    [Fact]
    public async Task Service_WithoutEndpoints_502Or503NotAHang()
    {
        await using Stack stack = await Stack.StartAsync(redis, ($"{Cluster}:Destinations:rating-api:Address",
            "http://no-such-service.invalid"), ("OpenClaw:Edge:Upstream:ConnectTimeout", "00:00:02"));

        HttpStatusCode status = await stack.Edge.Client.StatusAsync();

        Assert.True(status is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout, $"{status}");
    }

    [Fact]
    public async Task Service_ByName_ResolvedToItsEndpointsFromConfiguration()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        await using TestUpstream other = await TestUpstream.StartAsync();
        await stack.AddEdgeAsync(
            ($"{Cluster}:Destinations:rating-api:Address", "http://rating-api"),
            ("services:rating-api:http:0", stack.Upstream.Address),
            ("services:rating-api:http:1", other.Address),
            ("OpenClaw:Edge:Allow:Networks:0", "127.0.0.0/8"),
            ("ReverseProxy:Clusters:rating-api:LoadBalancingPolicy", "RoundRobin"));

        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await stack.Last.Client.StatusAsync("/ratings/a?b=c"));
        }

        Assert.Equal((3, 3), (stack.Upstream.Requests.Count, other.Requests.Count));
        Assert.All(other.Requests, request => Assert.Equal("/ratings/a?b=c", request));
    }

    [Fact]
    public async Task Destinations_OneDies_PassiveCheckTakesItOut()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        using TcpListener dead = new(IPAddress.Loopback, 0);
        dead.Start();
        int port = ((IPEndPoint)dead.LocalEndpoint).Port;
        dead.Stop();
        TestEdge edge = await stack.AddEdgeAsync(
            ($"{Cluster}:Destinations:second:Address", $"http://127.0.0.1:{port}"),
            ($"{Cluster}:LoadBalancingPolicy", "RoundRobin"),
            ($"{Cluster}:HealthCheck:Active:Enabled", "false"),
            ($"{Cluster}:HealthCheck:Passive:Enabled", "true"),
            ("OpenClaw:Edge:Allow:Networks:0", "127.0.0.0/8"));

        await Poll.UntilAsync("ten requests in a row succeed", async () =>
        {
            for (int i = 0; i < 10; i++)
            {
                if (await edge.Client.StatusAsync() != HttpStatusCode.OK)
                {
                    return false;
                }
            }

            return true;
        }, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Request_ForwardedHeaders_AreTheEdgesOwn()
    {
        await using Stack stack = await Stack.StartAsync(redis);

        await stack.Edge.Client.StatusAsync("/rating", ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Host", "evil.example"));

        IHeaderDictionary seen = stack.Upstream.LastHeaders;
        Assert.Equal("127.0.0.1", seen["X-Forwarded-For"].ToString().Replace("::ffff:", ""));
        Assert.Equal(stack.Edge.Address.Authority, seen["X-Forwarded-Host"]);
    }

    [Fact]
    public async Task Body_AndStatus_PassUnchanged()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        stack.Upstream.Handler = async context =>
        {
            context.Response.StatusCode = 418;
            await context.Request.Body.CopyToAsync(context.Response.Body);
        };

        using HttpResponseMessage response = await stack.Edge.Client.PostAsync("/rating", new StringContent("{\"score\":4}"));

        Assert.Equal(418, (int)response.StatusCode);
        Assert.Equal("{\"score\":4}", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Headers_BeyondAscii_PassUnchangedBothWays()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        using TcpListener upstream = new(IPAddress.Loopback, 0);
        upstream.Start();
        TestEdge edge = await stack.AddEdgeAsync(($"{Cluster}:Destinations:rating-api:Address", $"http://{upstream.LocalEndpoint}"),
            ($"{Cluster}:HealthCheck:Active:Enabled", "false"));
        Task<string> received = AnswerAsync(
            upstream, "HTTP/1.1 200 OK\r\nX-Utf8: \u00c3\u00a9\r\nX-Latin1: \u00e9\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");

        string answer = await RawHttp.ExchangeAsync(
            edge.Address, Encoding.Latin1.GetBytes(
                "GET /rating HTTP/1.1\r\nHost: edge\r\nCookie: name=\u00c3\u00a9\u00e2\u0082\u00ac\r\nConnection: close\r\n\r\n"));

        Assert.StartsWith("HTTP/1.1 200 ", answer);
        Assert.Contains("\r\nCookie: name=\u00c3\u00a9\u00e2\u0082\u00ac\r\n", await received);
        Assert.Contains("\r\nX-Utf8: \u00c3\u00a9\r\n", answer);
        Assert.Contains("\r\nX-Latin1: \u00e9\r\n", answer);
    }

    /// <summary>Takes one request, answers with these bytes, and returns the head of the request; all of it as Latin-1.</summary>
    private static async Task<string> AnswerAsync(TcpListener listener, string answer)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        NetworkStream stream = client.GetStream();
        StringBuilder head = new();
        byte[] buffer = new byte[4096];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append(Encoding.Latin1.GetString(buffer, 0, await stream.ReadAtLeastAsync(buffer, 1)));
        }

        await stream.WriteAsync(Encoding.Latin1.GetBytes(answer));
        return head.ToString();
    }

    /// <summary>A server that reads a request and closes the connection cleanly, as on shutdown.</summary>
    private sealed class HangUp : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public HangUp()
        {
            _listener.Start();
            _ = ServeAsync();
        }

        public string Address => $"http://{_listener.LocalEndpoint}";

        /// <summary>The first line of every request that arrived.</summary>
        public ConcurrentQueue<string?> Requests { get; } = new();

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync()
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync();
                using StreamReader reader = new(client.GetStream());
                Requests.Enqueue(await reader.ReadLineAsync());
                while (await reader.ReadLineAsync() is { Length: > 0 })
                {
                }

                client.Client.Shutdown(SocketShutdown.Send);
            }
        }
    }
}
