using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Responses;

/// <summary>Tests each style of rate limit fields with the parsers that clients use.</summary>
public sealed class HeaderDialectTests(SharedRedis redis)
{
    private const string Style = "OpenClaw:Edge:Answers:RateLimitHeaders";

    [Theory]
    [InlineData("Ietf", true, false, false)]
    [InlineData("Draft06", false, true, false)]
    [InlineData("Draft06AndLegacy", false, true, true)]
    [InlineData("IetfAndDraft06", true, true, false)]
    [InlineData("All", true, true, true)]
    public async Task Style_AllowedAndRefused_ItsFieldsAndNoOther(string style, bool ietf, bool draft06, bool legacy)
    {
        await using Stack stack = await StartAsync(style);
        using HttpClient client = stack.Edge.CreateClient("test-key");
        using HttpResponseMessage allowed = await client.SendAsync();
        await client.StatusAsync();
        using HttpResponseMessage refused = await client.SendAsync();

        (HttpResponseMessage, string)[] answers = [(allowed, "1"), (refused, "0")];
        foreach ((HttpResponseMessage response, string remaining) in answers)
        {
            Assert.Equal((ietf, ietf), (response.Header("RateLimit") is not null, response.Header("RateLimit-Policy") is not null));
            Assert.Equal(draft06 ? "2" : null, response.Header("RateLimit-Limit"));
            Assert.Equal(draft06 ? remaining : null, response.Header("RateLimit-Remaining"));
            Assert.Equal(legacy ? "2" : null, response.Header("X-RateLimit-Limit"));
            Assert.Equal(legacy ? remaining : null, response.Header("X-RateLimit-Remaining"));
        }

        if (draft06)
        {
            Assert.InRange(int.Parse(allowed.Header("RateLimit-Reset")!), 3500, 3600);
            Assert.Equal(refused.Header("Retry-After"), refused.Header("RateLimit-Reset"));
        }
    }

    [Fact]
    public async Task Draft06_CostAboveCapacity_ResetWithoutRetryAfter()
    {
        await using Stack stack = await StartAsync("Draft06", ("OpenClaw:Edge:Policies:rating:Cost:Default", "3"));

        using HttpResponseMessage refused = await stack.Edge.Client.SendAsync();

        Assert.Equal(("2", "2"), (refused.Header("RateLimit-Limit"), refused.Header("RateLimit-Remaining")));
        Assert.Equal("0", refused.Header("RateLimit-Reset"));
        Assert.Null(refused.Header("Retry-After"));
    }

    [Fact]
    public async Task Draft06_SeveralBuckets_TheTightestAndOnlyTheEdges()
    {
        await using Stack stack = await StartAsync("Draft06", Requests.Bucket("rating", "daily", 100));
        stack.Upstream.Handler = context =>
        {
            context.Response.Headers["RateLimit-Limit"] = "77";
            context.Response.Headers["RateLimit-Remaining"] = "77";
            context.Response.Headers["RateLimit-Reset"] = "77";
            return Task.CompletedTask;
        };
        using HttpClient client = stack.Edge.CreateClient("test-key");

        using HttpResponseMessage allowed = await client.SendAsync();

        Assert.Equal(("2", "1"), (allowed.Header("RateLimit-Limit"), allowed.Header("RateLimit-Remaining")));
        Assert.Equal("3600", allowed.Header("RateLimit-Reset"));
    }

    // The parser reads any field called RateLimit as draft 07, and then ignores other fields.
    [Theory]
    [InlineData("Draft06", "2 1 1", "2 2 0")]
    [InlineData("Legacy", "2 1 1", "2 2 0")]
    [InlineData("Draft06AndLegacy", "2 1 1", "2 2 0")]
    [InlineData("None", "", "")]
    [InlineData("Ietf", "NaN NaN NaN", "NaN NaN NaN")]
    [InlineData("Both", "NaN NaN NaN", "NaN NaN NaN")]
    [InlineData("IetfAndDraft06", "NaN NaN NaN", "NaN NaN NaN")]
    [InlineData("All", "NaN NaN NaN", "NaN NaN NaN")]
    public async Task RatelimitHeaderParser_EachStyle_ReadsWhatTheTableInTheDocumentSays(string style, string first, string third)
    {
        Requires.Node();
        await using Stack stack = await StartAsync(style);
        using HttpClient client = stack.Edge.CreateClient("test-key");
        using HttpResponseMessage allowed = await client.SendAsync();
        await client.StatusAsync();
        using HttpResponseMessage refused = await client.SendAsync();

        JsonElement[] parsed = await Node.RunAsync("ratelimit.js", [Lines(allowed), Lines(refused)]);

        Assert.Equal([first, third], parsed.Select(Describe));
        if (third.EndsWith('0'))
        {
            Assert.InRange(parsed[1].GetProperty("reset").GetInt32(), 3500, 7200);
        }

        static string Lines(HttpResponseMessage response) =>
            JsonSerializer.Serialize(response.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value)));

        static string Describe(JsonElement result) => result.ValueKind == JsonValueKind.Null
            ? ""
            : $"{result.GetProperty("limit")} {result.GetProperty("used")} {result.GetProperty("remaining")}";
    }

    [Fact]
    public async Task StructuredHeaders_Draft06_AreIntegers()
    {
        Requires.Node();
        await using Stack stack = await StartAsync("All");
        using HttpResponseMessage response = await stack.Edge.Client.SendAsync();

        string[] names = ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "RateLimit"];
        JsonElement[] parsed = await Node.RunAsync("parse.js", [.. names.Select(name => JsonSerializer.Serialize(response.Header(name)))]);

        Assert.Equal([2, 1, 3600], parsed.Take(3).Select(list => Assert.Single(list.EnumerateArray()).GetProperty("value").GetInt32()));
        Assert.Equal("burst", Assert.Single(parsed[3].EnumerateArray()).GetProperty("value").GetString());
    }

    [Theory]
    [InlineData("Ietf")]
    [InlineData("None")]
    public async Task StandardResilienceHandler_429_ComesBackOnceAndIsServed(string style)
    {
        await using Stack stack = await StartAsync(
            style, [.. Requests.Bucket("rating", "burst", 1, "00:00:03"), ("OpenClaw:Edge:Answers:RetryAfterJitter", "0")]);
        List<HttpStatusCode> attempts = [];
        ServiceCollection services = new();
        // A handler that ignores Retry-After would wait for an hour; one that retries too early would be refused again.
        IHttpClientBuilder builder = services.AddHttpClient("client");
        builder.AddStandardResilienceHandler(options => (options.Retry.Delay, options.Retry.UseJitter) = (TimeSpan.FromHours(1), false));
        builder.AddHttpMessageHandler(() => new Recorder(attempts));
        await using ServiceProvider provider = services.BuildServiceProvider();
        using HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("client");
        client.BaseAddress = stack.Edge.Address;

        Assert.Equal(HttpStatusCode.OK, await client.StatusAsync());
        Assert.Equal(HttpStatusCode.OK, await client.StatusAsync());

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.OK], attempts);
    }

    private Task<Stack> StartAsync(string style, params (string, string?)[] settings) =>
        Stack.StartAsync(redis, [.. Requests.Bucket("rating", "burst", 2), (Style, style), .. settings]);

    private sealed class Recorder(List<HttpStatusCode> statuses) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            statuses.Add(response.StatusCode);
            return response;
        }
    }
}
