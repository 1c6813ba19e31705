using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Responses;

public sealed class RateLimitHeaderTests(SharedRedis redis)
{
    private static readonly (string, string?)[] OneRequest = Requests.Bucket("rating", "burst", 1);

    [Theory]
    [InlineData("Ietf", true, false)]
    [InlineData("Legacy", false, true)]
    [InlineData("Both", true, true)]
    [InlineData("None", false, false)]
    public async Task Headers_PerSetting_OnSuccessAndRefusal(string style, bool ietf, bool legacy)
    {
        await using Stack stack = await Stack.StartAsync(redis, [.. OneRequest, ("OpenClaw:Edge:Answers:RateLimitHeaders", style)]);
        using HttpClient client = stack.Edge.CreateClient("test-key");

        using HttpResponseMessage allowed = await client.SendAsync();
        using HttpResponseMessage refused = await client.SendAsync();

        foreach (HttpResponseMessage response in (HttpResponseMessage[])[allowed, refused])
        {
            Assert.Equal(ietf ? "\"burst\";q=1;w=3600" : null, response.Header("RateLimit-Policy"));
            Assert.Matches(ietf ? "^\"burst\";r=0;t=\\d+$" : "^$", response.Header("RateLimit") ?? "");
            Assert.Equal(legacy ? "1" : null, response.Header("X-RateLimit-Limit"));
            Assert.Equal(legacy ? "0" : null, response.Header("X-RateLimit-Remaining"));
            Assert.Matches(legacy ? "^3(600|5\\d\\d)$" : "^$", response.Header("X-RateLimit-Reset") ?? "");
        }

        Assert.NotNull(refused.Header("Retry-After"));
    }

    [Fact]
    public async Task Headers_UpstreamSetsItsOwn_OnlyTheEdgesAreSent()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        stack.Upstream.Handler = context =>
        {
            context.Response.Headers["RateLimit"] = "\"theirs\";r=99";
            context.Response.Headers["RateLimit-Policy"] = "\"theirs\";q=100";
            context.Response.Headers["X-Other"] = "kept";
            return Task.CompletedTask;
        };
        using HttpClient client = stack.Edge.CreateClient("test-key");

        using HttpResponseMessage response = await client.SendAsync();

        Assert.StartsWith("\"burst\";r=19", response.Header("RateLimit"));
        Assert.Equal("\"burst\";q=20;w=4", response.Header("RateLimit-Policy"));
        Assert.Equal("kept", response.Header("X-Other"));
    }

    [Fact]
    public async Task Headers_EdgeWritesNone_UpstreamsPassWhole()
    {
        await using Stack stack = await Stack.StartAsync(redis, ("OpenClaw:Edge:Answers:RateLimitHeaders", "None"));
        stack.Upstream.Handler = context =>
        {
            context.Response.Headers["RateLimit"] = new(["\"one\";r=1", "\"two\";r=2"]);
            return Task.CompletedTask;
        };

        using HttpResponseMessage response = await stack.Edge.Client.SendAsync();

        Assert.Equal(["\"one\";r=1", "\"two\";r=2"], response.Headers.GetValues("RateLimit"));
    }
}
