using System.Net;
using Microsoft.Extensions.Logging;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Responses;

public sealed class PreflightTests(SharedRedis redis)
{
    private static readonly (string, string?)[] OneRequest = Requests.Bucket("rating", "burst", 1);

    [Fact]
    public async Task Preflight_EdgeAnswersForCors_FreeAndHeadersExposed()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. OneRequest, ("OpenClaw:Edge:Cors:AllowedOrigins:0", "https://app.example.com")]);
        (string, string) origin = ("Origin", "https://app.example.com");
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage preflight = await stack.Edge.Client.SendAsync(
                HttpMethod.Options, "/rating", origin, ("Access-Control-Request-Method", "POST"),
                ("Access-Control-Request-Headers", "x-api-key"));
            Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
            Assert.Equal("https://app.example.com", preflight.Header("Access-Control-Allow-Origin"));
            Assert.Equal("x-api-key", preflight.Header("Access-Control-Allow-Headers"));
        }

        using HttpResponseMessage allowed = await stack.Edge.Client.SendAsync("/rating", origin);
        using HttpResponseMessage refused = await stack.Edge.Client.SendAsync("/rating", origin);
        using HttpResponseMessage foreign = await stack.Edge.Client.SendAsync("/rating", ("Origin", "https://evil.example.com"));

        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("https://app.example.com", refused.Header("Access-Control-Allow-Origin"));
        string exposed = refused.Header("Access-Control-Expose-Headers")!;
        Assert.All(
            (string[])["RateLimit", "RateLimit-Policy", "Retry-After", "grpc-status"], name => Assert.Contains(name, exposed.Split(',')));
        Assert.Null(foreign.Header("Access-Control-Allow-Origin"));
        Assert.Single(stack.Upstream.Requests);
    }

    [Theory]
    [InlineData("+\u0001", "X-A", 400)]
    [InlineData("", "X-A", 400)]
    [InlineData("GET, POST", "X-A", 400)]
    [InlineData("POST", "\u0001", 400)]
    [InlineData("POST", "X-\u00e9", 400)]
    [InlineData("POST", "x-a,\tx-b, x_c", 204)]
    [InlineData("x", "", 204)]
    public async Task Preflight_AskingForWhatIsNoMethodOrHeader_400(string method, string headers, int expected)
    {
        await using Stack stack = await Stack.StartAsync(redis, ("OpenClaw:Edge:Cors:AllowedOrigins:0", "https://app.example.com"));

        int status = await RawHttp.StatusAsync(
            stack.Edge.Address, "OPTIONS /rating HTTP/1.1", "Origin: https://app.example.com", $"Access-Control-Request-Method: {method}",
            $"Access-Control-Request-Headers: {headers}");

        Assert.Equal(expected, status);
        Assert.DoesNotContain(stack.Edge.Logs.GetSnapshot(), record => record.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task Preflight_UpstreamAnswersForCors_PaidByTheAddressAlone()
    {
        await using Stack stack = await Stack.StartAsync(redis, [.. OneRequest, .. Requests.Bucket("address", "address", 4)]);
        (string, string)[] headers = [("Origin", "https://app.example.com"), ("Access-Control-Request-Method", "POST")];

        int preflights = await Requests.CountAllowedAsync(
            3, async _ => (await stack.Edge.Client.SendAsync(HttpMethod.Options, "/rating", headers)).StatusCode);
        HttpStatusCode request = await stack.Edge.Client.StatusAsync();
        using HttpResponseMessage further = await stack.Edge.Client.SendAsync(HttpMethod.Options, "/rating", headers);

        Assert.Equal(3, preflights);
        Assert.Equal(HttpStatusCode.OK, request);
        Assert.Equal(HttpStatusCode.TooManyRequests, further.StatusCode);
    }

    [Theory]
    [InlineData("OpenClaw:Edge:AddressPolicy", "")]
    [InlineData("ReverseProxy:Routes:rating:RateLimiterPolicy", "address")]
    public async Task Preflight_NoAddressPolicyBesidesTheRoutes_PaysOneTokenOfTheRoutes(string setting, string value)
    {
        await using Stack stack = await Stack.StartAsync(
            redis,
            [
                .. Requests.Bucket("rating", "burst", 3), .. Requests.Bucket("address", "address", 3), (setting, value),
                ("OpenClaw:Edge:Policies:rating:Cost:Methods:OPTIONS", "0"), ("OpenClaw:Edge:Policies:address:Cost:Methods:OPTIONS", "0"),
            ]);
        (string, string)[] headers = [("Origin", "https://app.example.com"), ("Access-Control-Request-Method", "POST")];

        int preflights = await Requests.CountAllowedAsync(
            6, async _ => (await stack.Edge.Client.SendAsync(HttpMethod.Options, "/rating", headers)).StatusCode);

        Assert.Equal(3, preflights);
        Assert.Equal(3, stack.Upstream.Requests.Count);
    }

    [Fact]
    public async Task Preflight_PaidByTheAddress_AddressIsShownOnlyWhenItRefuses()
    {
        await using Stack stack = await Stack.StartAsync(redis, [.. OneRequest, .. Requests.Bucket("address", "address", 1)]);
        (string, string)[] headers = [("Origin", "https://app.example.com"), ("Access-Control-Request-Method", "POST")];

        using HttpResponseMessage allowed = await stack.Edge.Client.SendAsync(HttpMethod.Options, "/rating", headers);
        using HttpResponseMessage refused = await stack.Edge.Client.SendAsync(HttpMethod.Options, "/rating", headers);

        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Null(allowed.Header("RateLimit-Policy"));
        Assert.Null(allowed.Header("RateLimit"));
        Assert.StartsWith("\"address\";r=0", refused.Header("RateLimit"));
    }
}
