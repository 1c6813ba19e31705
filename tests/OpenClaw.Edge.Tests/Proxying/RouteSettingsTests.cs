using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Proxying;

/// <summary>Tests that YARP's settings of routes and clusters take effect.</summary>
public sealed class RouteSettingsTests(SharedRedis redis)
{
    private const string Route = "ReverseProxy:Routes:rating";
    private const string Cluster = "ReverseProxy:Clusters:rating-api";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Timeout_UpstreamIsSlow_504Problem()
    {
        await using Stack stack = await Stack.StartAsync(redis, ($"{Route}:Timeout", "00:00:00.300"));
        stack.Upstream.Handler = context =>
            Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

        using HttpResponseMessage response = await stack.Edge.Client.SendAsync();

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        // The request was charged, and the headers show it.
        Assert.StartsWith("\"burst\";r=19;", response.Header("RateLimit"));
    }

    [Fact]
    public async Task Timeout_ByHotReload_InForceAndTakenBack()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        TimeSpan delay = TimeSpan.Zero;
        stack.Upstream.Handler = async context =>
        {
            await Task.Delay(delay, context.RequestAborted);
            await context.Response.WriteAsync("ok");
        };
        Assert.Equal(HttpStatusCode.OK, await stack.Edge.Client.StatusAsync());

        delay = TimeSpan.FromSeconds(1);
        stack.Edge.Settings[$"{Route}:Timeout"] = "00:00:00.200";
        stack.Edge.Settings.Reload();
        await Poll.UntilAsync(
            "it is in force", async () => await stack.Edge.Client.StatusAsync() == HttpStatusCode.GatewayTimeout, Patience);

        stack.Edge.Settings.Remove($"{Route}:Timeout");
        stack.Edge.Settings.Reload();
        await Poll.UntilAsync("it is not", async () => await stack.Edge.Client.StatusAsync() == HttpStatusCode.OK, Patience);
    }

    [Fact]
    public async Task TimeoutPolicy_Disable_IsNoLimit()
    {
        await using Stack stack = await Stack.StartAsync(redis, ($"{Route}:TimeoutPolicy", "Disable"));

        Assert.Equal(HttpStatusCode.OK, await stack.Edge.Client.StatusAsync());
    }

    [Theory]
    [InlineData("Timeout", "never", "ReverseProxy:Routes:rating:Timeout is 'never'")]
    [InlineData("CorsPolicy", "default", "set OpenClaw:Edge:Cors:AllowedOrigins")]
    [InlineData("Tiemout", "00:00:01", "Tiemout is not a setting")]
    [InlineData("Transforms:0:Teleport", "/x", "Unknown transform: Teleport")]
    [InlineData("Match:Path", "/b/{x:foo}", "Match:Path is '/b/{x:foo}'")]
    [InlineData("Match:Path", "/b/{x:regex([)}", "Match:Path is '/b/{x:regex([)}'")]
    [InlineData("Match:Hosts:0", "a:b", "Match:Hosts:0 is 'a:b'")]
    [InlineData("ClusterId", "nowhere", "ClusterId is 'nowhere'; the clusters are: rating-api.")]
    public async Task HotReload_WrongSetting_RefusedWholeAndLoggedOnceAndOldInForce(string name, string value, string expected)
    {
        await using Stack stack = await Stack.StartAsync(redis);
        stack.Edge.Settings[$"{Route}:{name}"] = value;
        stack.Edge.Settings["ReverseProxy:Routes:fresh:ClusterId"] = "rating-api";
        stack.Edge.Settings["ReverseProxy:Routes:fresh:Match:Path"] = "/fresh";

        stack.Edge.Settings.Reload();
        stack.Edge.Settings.Reload();

        string message = Assert.Single(stack.Edge.Logs.GetSnapshot(), record => record.Level == LogLevel.Error).Message;
        Assert.Contains(expected, message);
        Assert.Equal(HttpStatusCode.OK, await stack.Edge.Client.StatusAsync());
        Assert.Equal(HttpStatusCode.NotFound, await stack.Edge.Client.StatusAsync("/fresh"));

        stack.Edge.Settings.Remove($"{Route}:{name}");
        stack.Edge.Settings.Reload();
        await Poll.UntilAsync(
            "the rest is in force", async () => await stack.Edge.Client.StatusAsync("/fresh") == HttpStatusCode.OK, Patience);
    }

    [Fact]
    public async Task MaxRequestBodySize_OfTheRoute_HoldsInsteadOfTheEdges()
    {
        await using Stack stack = await Stack.StartAsync(redis,
            ("OpenClaw:Edge:Overload:MaxRequestBodyBytes", "20"), ($"{Route}:MaxRequestBodySize", "10"),
            ("ReverseProxy:Routes:ratings:MaxRequestBodySize", "30"));

        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/rating", 10)).StatusCode);
        using HttpResponseMessage tooLarge = await PostAsync("/rating", 11);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);
        Assert.Equal("application/problem+json", tooLarge.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("/ratings/x", 30)).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync("/ratings/x", 31)).StatusCode);

        Task<HttpResponseMessage> PostAsync(string path, int length) =>
            stack.Edge.Client.PostAsync(path, new ByteArrayContent(new byte[length]));
    }

    [Theory]
    [InlineData("HashCookie")]
    [InlineData("ArrCookie")]
    public async Task SessionAffinity_Cookie_StaysWithItsDestinationOnEveryReplica(string policy)
    {
        await using Stack stack = await Stack.StartAsync(redis);
        await using TestUpstream other = await TestUpstream.StartAsync();
        (string, string?)[] settings =
        [
            ($"{Cluster}:Destinations:other:Address", other.Address), ($"{Cluster}:LoadBalancingPolicy", "RoundRobin"),
            ($"{Cluster}:SessionAffinity:Enabled", "true"),
            ($"{Cluster}:SessionAffinity:Policy", policy), ($"{Cluster}:SessionAffinity:AffinityKeyName", "backend"),
        ];
        TestEdge first = await stack.AddEdgeAsync(settings);
        TestEdge second = await stack.AddEdgeAsync(settings);
        using HttpResponseMessage response = await first.Client.SendAsync();
        string cookie = response.Header("Set-Cookie")!.Split(';')[0];
        int before = other.Requests.Count;

        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await (i % 2 == 0 ? first : second).Client.StatusAsync("/rating", ("Cookie", cookie)));
        }

        Assert.Equal(before * 6, other.Requests.Count - before);
        Assert.StartsWith("backend=", cookie);
    }

    [Fact]
    public async Task SessionAffinity_DestinationGone_503ProblemWhereTheFailurePolicySaysSoAndNoLogLine()
    {
        await using Stack stack = await Stack.StartAsync(redis,
            ($"{Cluster}:SessionAffinity:Enabled", "true"), ($"{Cluster}:SessionAffinity:AffinityKeyName", "backend"),
            ($"{Cluster}:SessionAffinity:FailurePolicy", "Return503Error"));

        using HttpResponseMessage response = await stack.Edge.Client.SendAsync("/rating", ("Cookie", "backend=0123456789abcdef"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain(stack.Edge.Logs.GetSnapshot(), record => record.Category!.Contains("SessionAffinity"));
    }

    [Fact]
    public async Task Start_Always_MakesNoEncryptionKeysThatNobodyUses()
    {
        await using Stack stack = await Stack.StartAsync(redis);

        Assert.DoesNotContain(
            stack.Edge.Services.GetServices<IHostedService>(), service => service.GetType().Name.Contains("DataProtection"));
    }

    [Fact]
    public async Task Match_HeadersQueryHostsAndOrder_ChooseTheRoute()
    {
        await using Stack stack = await Stack.StartAsync(redis,
            ("ReverseProxy:Routes:rating:Order", "9"),
            ("ReverseProxy:Routes:special:ClusterId", "rating-api"), ("ReverseProxy:Routes:special:Match:Path", "/rating"),
            ("ReverseProxy:Routes:special:Order", "1"),
            ("ReverseProxy:Routes:special:Match:Headers:0:Name", "X-Version"),
            ("ReverseProxy:Routes:special:Match:Headers:0:Values:0", "2"),
            ("ReverseProxy:Routes:special:Match:QueryParameters:0:Name", "beta"),
            ("ReverseProxy:Routes:special:Match:QueryParameters:0:Mode", "Exists"),
            ("ReverseProxy:Routes:special:Match:Hosts:0", "special.example.com"),
            ("ReverseProxy:Routes:special:Transforms:0:PathSet", "/special"));

        foreach ((string path, string host, string version) in ((string, string, string)[])[
            ("/rating?beta=1", "special.example.com", "2"), ("/rating", "special.example.com", "2"),
            ("/rating?beta=1", "other.example.com", "2"), ("/rating?beta=1", "special.example.com", "1")])
        {
            await stack.Edge.Client.StatusAsync(path, ("Host", host), ("X-Version", version));
        }

        Assert.Equal(["/special?beta=1", "/rating", "/rating?beta=1", "/rating?beta=1"], stack.Upstream.Requests);
    }
}
