using System.Net;
using Microsoft.AspNetCore.Http;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Responses;

public sealed class CrossOriginTests(SharedRedis redis)
{
    private const string App = "https://app.example.com";

    private static readonly (string, string) Origin = ("Origin", App);
    private static readonly (string, string?) Allowed = ("OpenClaw:Edge:Cors:AllowedOrigins:0", App);
    private static readonly (string, string?) AnyAllowed = ("OpenClaw:Edge:Cors:AllowedOrigins:0", "*");
    private static readonly (string, string?) Credentials = ("OpenClaw:Edge:Cors:AllowCredentials", "true");

    [Fact]
    public async Task Exposed_ByUpstreamAndEdge_BothEachOnce()
    {
        await using Stack stack = await StartAsync(
            headers => headers["Access-Control-Expose-Headers"] = new(["X-Total, retry-after", "ETag"]), Allowed);

        using HttpResponseMessage response = await stack.Edge.Client.SendAsync("/rating", Origin);

        string[] exposed = response.Header("Access-Control-Expose-Headers")!.Split(',', StringSplitOptions.TrimEntries);
        string[] expected = ["X-Total", "ETag", "RateLimit", "RateLimit-Policy", "RateLimit-Remaining", "WWW-Authenticate"];
        Assert.All(expected, name => Assert.Contains(name, exposed));
        Assert.Single(exposed, name => name.Equals("Retry-After", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Exposed_EverythingByUpstream_NamesStayForRequestsWithCredentials()
    {
        await using Stack stack = await StartAsync(headers => headers["Access-Control-Expose-Headers"] = "*", Allowed, Credentials);

        using HttpResponseMessage response = await stack.Edge.Client.SendAsync("/rating", Origin);

        string[] exposed = response.Header("Access-Control-Expose-Headers")!.Split(',');
        Assert.Contains("*", exposed);
        Assert.Contains("RateLimit", exposed);
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, "true")]
    public async Task Credentials_AreTheEdgesSettingAndNotTheUpstreams(bool allowed, string? expected)
    {
        await using Stack stack = await StartAsync(
            headers => headers["Access-Control-Allow-Credentials"] = "true",
            Allowed, ("OpenClaw:Edge:Cors:AllowCredentials", $"{allowed}"));

        using HttpResponseMessage preflight = await stack.Edge.Client.SendAsync(
            HttpMethod.Options, "/rating", Origin, ("Access-Control-Request-Method", "POST"));
        using HttpResponseMessage response = await stack.Edge.Client.SendAsync("/rating", Origin);

        Assert.All((HttpResponseMessage[])[preflight, response], answer =>
        {
            Assert.Equal(expected, answer.Header("Access-Control-Allow-Credentials"));
            Assert.Equal(App, answer.Header("Access-Control-Allow-Origin"));
            Assert.Equal("Origin", answer.Header("Vary"));
        });
    }

    [Theory]
    [InlineData("https://evil.example.com")]
    [InlineData(null)]
    public async Task OriginNotAllowed_AnswerVariesByOriginAndAllowsNone(string? origin)
    {
        await using Stack stack = await StartAsync(headers => headers["X-Other"] = "kept", Allowed);

        using HttpResponseMessage response = await stack.Edge.Client.SendAsync("/rating", origin is null ? [] : [("Origin", origin)]);

        Assert.Null(response.Header("Access-Control-Allow-Origin"));
        Assert.Equal("Origin", response.Header("Vary"));
        Assert.Equal("kept", response.Header("X-Other"));
    }

    [Theory]
    [InlineData("https://evil.example.com")]
    [InlineData(null)]
    public async Task OriginNotAllowed_UpstreamAllowsAll_EdgeDoesNot(string? origin)
    {
        await using Stack stack = await StartAsync(
            headers =>
            {
                headers["Access-Control-Allow-Origin"] = "https://evil.example.com";
                headers["Access-Control-Allow-Credentials"] = "true";
            },
            Allowed);

        using HttpResponseMessage response = await stack.Edge.Client.SendAsync("/rating", origin is null ? [] : [("Origin", origin)]);

        Assert.Null(response.Header("Access-Control-Allow-Origin"));
        Assert.Null(response.Header("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task Vary_UpstreamNamesOriginToo_IsSaidOnce()
    {
        await using Stack stack = await StartAsync(headers => headers.Vary = "Accept-Encoding, origin", Allowed);

        using HttpResponseMessage response = await stack.Edge.Client.SendAsync("/rating", Origin);

        Assert.Equal(["Accept-Encoding", "origin"], response.Headers.Vary);
    }

    [Fact]
    public async Task AnyOrigin_WithAndWithoutOrigin_SameAnswerForCaches()
    {
        await using Stack stack = await StartAsync(headers => headers["Access-Control-Allow-Credentials"] = "true", AnyAllowed);

        using HttpResponseMessage with = await stack.Edge.Client.SendAsync("/rating", Origin);
        using HttpResponseMessage without = await stack.Edge.Client.SendAsync("/rating");

        Assert.All((HttpResponseMessage[])[with, without], response =>
        {
            Assert.Equal("*", response.Header("Access-Control-Allow-Origin"));
            Assert.Null(response.Header("Access-Control-Allow-Credentials"));
            Assert.Empty(response.Headers.Vary);
        });
    }

    [Theory]
    [InlineData(401, "GET", "/rating", "X-API-Key", "nobodys")]
    [InlineData(403, "GET", "/rating", "X-API-Key", "silver-key")]
    [InlineData(404, "GET", "/elsewhere", "X-API-Key", "test-key")]
    [InlineData(405, "TRACE", "/rating", "X-API-Key", "test-key")]
    [InlineData(429, "GET", "/rating", "X-API-Key", "gold-key")]
    [InlineData(431, "GET", "/rating", "X-Large", null)]
    [InlineData(504, "GET", "/rating", "X-API-Key", "test-key")]
    public async Task Refused_ForWhateverReason_ScriptsMayReadIt(int status, string method, string path, string header, string? value)
    {
        await using Stack stack = await StartAsync(
            _ => { }, Allowed, Credentials,
            ("OpenClaw:Edge:ApiKeys:Unknown", "Reject"), ("OpenClaw:Edge:Clients:silver-sample:Enabled", "false"),
            ("OpenClaw:Edge:Policies:rating:Cost:Default", "60"), ("OpenClaw:Edge:Policies:rating:Buckets:burst:Capacity", "1000"),
            ("OpenClaw:Edge:Tiers:gold:rating:burst:Capacity", "50"),
            ("ReverseProxy:Clusters:rating-api:HttpRequest:ActivityTimeout", "00:00:00.500"));
        stack.Upstream.Handler = context => Task.Delay(Timeout.Infinite, context.RequestAborted);

        using HttpResponseMessage response = await stack.Edge.Client.SendAsync(
            new HttpMethod(method), path, Origin, (header, value ?? new string('x', 17_000)));

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(App, response.Header("Access-Control-Allow-Origin"));
        Assert.Equal("true", response.Header("Access-Control-Allow-Credentials"));
        Assert.Contains("Retry-After", response.Header("Access-Control-Expose-Headers"));
        Assert.Equal("Origin", response.Header("Vary"));
    }

    private async Task<Stack> StartAsync(Action<IHeaderDictionary> answer, params (string, string?)[] settings)
    {
        Stack stack = await Stack.StartAsync(redis, settings);
        stack.Upstream.Handler = context =>
        {
            answer(context.Response.Headers);
            return Task.CompletedTask;
        };
        return stack;
    }
}
