using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Proxying;

/// <summary>Tests responses to clients when the upstream fails.</summary>
public sealed class UpstreamErrorTests(SharedRedis redis)
{
    private const string Cluster = "ReverseProxy:Clusters:rating-api";

    private static readonly (string, string?)[] NoProbes =
        [($"{Cluster}:HealthCheck:Active:Enabled", "false"), ($"{Cluster}:HealthCheck:Passive:Enabled", "false")];

    [Fact]
    public async Task Upstream_Refuses_502ProblemWithoutInternals()
    {
        await using Stack stack = await Stack.StartAsync(redis, NoProbes);
        string address = stack.Upstream.Address;
        await stack.Upstream.DisposeAsync();

        using HttpResponseMessage response = await stack.Edge.Client.SendAsync();

        await AssertProblemAsync(response, HttpStatusCode.BadGateway, "Bad Gateway");
        Assert.DoesNotContain(new Uri(address).Authority, await response.Content.ReadAsStringAsync());
        Assert.Equal("\"burst\";q=20;w=4", response.Header("RateLimit-Policy"));
    }

    [Fact]
    public async Task Upstream_Hangs_504Problem()
    {
        await using Stack stack = await Stack.StartAsync(redis, ($"{Cluster}:HttpRequest:ActivityTimeout", "00:00:00.300"));
        stack.Upstream.Handler = context =>
            Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

        using HttpResponseMessage response = await stack.Edge.Client.SendAsync();

        await AssertProblemAsync(response, HttpStatusCode.GatewayTimeout, "Gateway Timeout");
    }

    [Fact]
    public async Task Upstream_UnhealthyByActiveCheck_503ProblemAtOnce()
    {
        using BlackHole hole = await BlackHole.OpenAsync();
        await using Stack stack = await Stack.StartAsync(redis);
        TestEdge edge = await stack.AddEdgeAsync(
            ($"{Cluster}:Destinations:rating-api:Address", hole.Address), ($"{Cluster}:HealthCheck:Active:Interval", "00:00:00.200"),
            ($"{Cluster}:HealthCheck:Active:Timeout", "00:00:00.200"), ("OpenClaw:Edge:Allow:Networks:0", "127.0.0.0/8"),
            ($"{Cluster}:HttpRequest:ActivityTimeout", "00:00:01"));
        await Poll.UntilAsync("it is known to be down",
            async () => await edge.Client.StatusAsync() == HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(20));
        Stopwatch watch = Stopwatch.StartNew();

        using HttpResponseMessage response = await edge.Client.SendAsync();

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(0.9), $"{watch.Elapsed}");
        await AssertProblemAsync(response, HttpStatusCode.ServiceUnavailable, "Service Unavailable");
        Assert.InRange(int.Parse(response.Header("Retry-After")!), 1, 3);
    }

    [Fact]
    public async Task Upstream_NoDestinations_503Problem()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, ("ReverseProxy:Clusters:empty:LoadBalancingPolicy", "RoundRobin"), ("ReverseProxy:Routes:rating:ClusterId", "empty"));

        using HttpResponseMessage response = await stack.Edge.Client.SendAsync();

        await AssertProblemAsync(response, HttpStatusCode.ServiceUnavailable, "Service Unavailable");
    }

    [Fact]
    public async Task Upstream_ResetsBeforeTheHead_502Problem()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        stack.Upstream.Handler = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };

        using HttpResponseMessage response = await stack.Edge.Client.SendAsync();

        await AssertProblemAsync(response, HttpStatusCode.BadGateway, "Bad Gateway");
    }

    /// <summary>YARP clears the response when the upstream fails after its head.</summary>
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", true, 502)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", true, 502)]
    [InlineData("HTTP/1.1 200 OK\r\nX-Faulty: a\u0001b\r\nContent-Length: 2\r\n\r\nok", true, 502)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", false, 504)]
    [InlineData("HTTP/1.1 099 None\r\nContent-Length: 2\r\n\r\nok", true, 502)]
    [InlineData("HTTP/1.1 000 None\r\nContent-Length: 2\r\n\r\nok", true, 502)]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", false, 502)]
    public async Task Upstream_FailsAfterItsHead_ProblemWithTheEdgesFields(string head, bool closes, int status)
    {
        using RawUpstream upstream = new(head, closes);
        await using Stack stack = await Stack.StartAsync(redis, [
            .. NoProbes, ($"{Cluster}:Destinations:rating-api:Address", upstream.Address),
            ($"{Cluster}:HttpRequest:ActivityTimeout", "00:00:00.500"),
            ("OpenClaw:Edge:Cors:AllowedOrigins:0", "https://app.example.com")]);

        using HttpResponseMessage response = await stack.Edge.Client.SendAsync("/rating", ("Origin", "https://app.example.com"));

        await AssertProblemAsync(response, (HttpStatusCode)status, status == 502 ? "Bad Gateway" : "Gateway Timeout");
        Assert.Equal("\"burst\";q=20;w=4", response.Header("RateLimit-Policy"));
        Assert.StartsWith("\"burst\";r=19;", response.Header("RateLimit"));
        Assert.Equal("https://app.example.com", response.Header("Access-Control-Allow-Origin"));
        Assert.Null(response.Header("X-Faulty"));
    }

    [Fact]
    public async Task Upstream_ResetsInTheBody_ConnectionBrokenNotACompleteAnswer()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        stack.Upstream.Handler = async context =>
        {
            await context.Response.WriteAsync("half of it");
            await context.Response.Body.FlushAsync();
            await Task.Delay(200);
            context.Abort();
        };

        await Assert.ThrowsAsync<HttpRequestException>(() => stack.Edge.Client.SendAsync());
    }

    [Theory]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.NotFound)]
    public async Task Upstream_AnswersWithAnErrorOfItsOwn_PassesUnchanged(HttpStatusCode status)
    {
        await using Stack stack = await Stack.StartAsync(redis);
        stack.Upstream.Handler = context =>
        {
            context.Response.StatusCode = (int)status;
            context.Response.ContentType = "text/plain";
            return context.Response.WriteAsync("mine");
        };

        using HttpResponseMessage response = await stack.Edge.Client.SendAsync();

        Assert.Equal((status, "mine"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("00:00:10", true, "14")]
    [InlineData("00:00:00.300", false, "4")]
    public async Task Upstream_FailsACallOfGrpc_TrailersOnlyStatus(string activity, bool isDown, string status)
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. NoProbes, ($"{Cluster}:HttpRequest:ActivityTimeout", activity), ("ReverseProxy:Routes:rating:Timeout", activity)]);
        stack.Upstream.Handler = context =>
            Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        if (isDown)
        {
            await stack.Upstream.DisposeAsync();
        }

        ByteArrayContent content = new([0, 0, 0, 0, 0]);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
        using HttpResponseMessage response = await stack.Edge.Client.PostAsync("/rating", content);

        Assert.Equal((HttpStatusCode.OK, status), (response.StatusCode, response.Header("grpc-status")));
        Assert.Equal("application/grpc", response.Content.Headers.ContentType?.MediaType);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    private static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string title)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonElement problem = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal(title, problem.GetProperty("title").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEqual("", problem.GetProperty("detail").GetString());
    }
}
