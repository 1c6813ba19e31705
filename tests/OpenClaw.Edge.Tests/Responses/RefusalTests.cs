using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Rules;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Tests.Responses;

public sealed class RefusalTests(SharedRedis redis)
{
    private static readonly (string, string?)[] OneRequest = Requests.Bucket("rating", "burst", 1);

    [Fact]
    public async Task Refused_ByClientBucket_ProblemOfTheDraftWithTheArticlesMember()
    {
        await using Stack stack = await Stack.StartAsync(redis, OneRequest);
        using HttpClient client = stack.Edge.CreateClient("test-key");
        await client.StatusAsync();

        using HttpResponseMessage response = await client.SendAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal("application/problem+json", response.Header("Content-Type"));
        using JsonDocument problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("https://iana.org/assignments/http-problem-types#quota-exceeded", problem.RootElement.GetProperty("type").GetString());
        Assert.Equal(429, problem.RootElement.GetProperty("status").GetInt32());
        Assert.Equal("Too Many Requests", problem.RootElement.GetProperty("error").GetString());
        Assert.Equal(["burst"], problem.RootElement.GetProperty("violated-policies").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal("\"burst\";q=1;w=3600", response.Header("RateLimit-Policy"));
        Assert.InRange(int.Parse(response.Header("Retry-After")!), 3500, 5400);
        Assert.Single(stack.Upstream.Requests);
    }

    [Fact]
    public async Task Refused_BlockedForLessThanTheBucketNeeds_RetryAfterIsTheLonger()
    {
        await using Stack stack = await Stack.StartAsync(redis, OneRequest);
        using HttpClient client = stack.Edge.CreateClient("test-key");
        await client.StatusAsync();
        await stack.Edge.Services.GetRequiredService<IRateLimiterAdmin>().BlockAsync(
            stack.Edge.Rules.Current.PoliciesByName["rating"].Variant.Limits, "c:test", TimeSpan
                .FromSeconds(5));

        using HttpResponseMessage response = await client.SendAsync();

        Assert.Contains("#abnormal-usage-detected", await response.Content.ReadAsStringAsync());
        Assert.InRange(int.Parse(response.Header("Retry-After")!), 3500, 5400);
    }

    [Fact]
    public async Task Refused_BlockedWithAFullBucket_FieldsSayWhenItEnds()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. Requests.Bucket("rating", "burst", 10), ("OpenClaw:Edge:Answers:RateLimitHeaders", "Both"),
                ("OpenClaw:Edge:Answers:RetryAfterJitter", "0")]);
        using HttpClient client = stack.Edge.CreateClient("test-key");
        await stack.Edge.Services.GetRequiredService<IRateLimiterAdmin>().BlockAsync(
            stack.Edge.Rules.Current.PoliciesByName["rating"].Variant.Limits, "c:test", TimeSpan
                .FromSeconds(500));

        using HttpResponseMessage response = await client.SendAsync();
        int retryAfter = int.Parse(response.Header("Retry-After")!);

        Assert.InRange(retryAfter, 480, 500);
        Assert.Matches($"^\"burst\";r=0;t={retryAfter}$", response.Header("RateLimit"));
    }

    [Fact]
    public async Task Refused_AddressBlocked_FieldsSayWhenItEnds()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. Requests.Bucket("rating", "burst", 10), ("OpenClaw:Edge:Answers:RateLimitHeaders", "All"),
                ("OpenClaw:Edge:Answers:RetryAfterJitter", "0")]);
        EdgePolicy address = stack.Edge.Rules.Current.AddressPolicy!;
        using HttpClient client = stack.Edge.CreateClient("test-key");
        await stack.Edge.Services.GetRequiredService<IRateLimiterAdmin>().BlockAsync(
            address.Variant.Limits, "a:127.0.0.1", TimeSpan.FromSeconds(500));

        // The first is refused by Redis, which knows the client's bucket as well; the second from memory.
        foreach (string bucket in (string[])["burst", "address"])
        {
            using HttpResponseMessage response = await client.SendAsync();
            int retryAfter = int.Parse(response.Header("Retry-After")!);

            Assert.InRange(retryAfter, 480, 500);
            Assert.Equal($"\"{bucket}\";r=0;t={retryAfter}", response.Header("RateLimit"));
            Assert.Equal("0", response.Header("RateLimit-Remaining"));
            Assert.Equal("0", response.Header("X-RateLimit-Remaining"));
            Assert.Contains($"\"{bucket}\";q=", response.Header("RateLimit-Policy"));
        }
    }

    [Fact]
    public async Task Refused_CostAboveCapacity_NamesTheBucketThatIsTooSmall()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. Requests.Bucket("rating", "burst", 10), .. Requests
                .Bucket("rating", "daily", 100), ("OpenClaw:Edge:Policies:rating:Cost:Default", "11")]);

        using HttpResponseMessage response = await stack.Edge.Client.SendAsync();

        JsonElement problem = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        Assert.Contains("can ever hold", problem.GetProperty("detail").GetString());
        Assert.Equal(["burst"], problem.GetProperty("violated-policies").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task Refused_ByAddressBucket_NamesItAndShowsItOnlyThen()
    {
        await using Stack stack = await Stack.StartAsync(redis, Requests.Bucket("address", "address", 1));
        using HttpResponseMessage allowed = await stack.Edge.Client.SendAsync();

        using HttpResponseMessage refused = await stack.Edge.Client.SendAsync();

        Assert.DoesNotContain("address", allowed.Header("RateLimit"));
        Assert.Contains("\"address\";q=1", refused.Header("RateLimit-Policy"));
        Assert.Contains("\"address\";r=0", refused.Header("RateLimit"));
        using JsonDocument problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync());
        Assert.Equal("address", problem.RootElement.GetProperty("violated-policies")[0].GetString());
    }

    [Fact]
    public async Task Refused_AddressAndClientEmpty_RetryAfterIsTheLongerFromMemoryToo()
    {
        await using Stack stack = await Stack.StartAsync(redis, [.. OneRequest, .. Requests.Bucket("address", "address", 1, "00:01:00")]);
        await stack.Edge.Client.StatusAsync();

        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage refused = await stack.Edge.Client.SendAsync();
            Assert.InRange(int.Parse(refused.Header("Retry-After")!), 3500, 5400);
        }
    }

    [Fact]
    public async Task Refused_Head_SameHeadersWithoutBody()
    {
        await using Stack stack = await Stack.StartAsync(redis, OneRequest);
        using HttpClient client = stack.Edge.CreateClient("test-key");
        await client.StatusAsync();

        using HttpResponseMessage head = await client.SendAsync(HttpMethod.Head, "/rating");
        using HttpResponseMessage get = await client.SendAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        Assert.NotNull(head.Header("Retry-After"));
    }

    [Fact]
    public async Task WebSocket_WithinLimitAndAbove_UpgradedThenHandshakeRefusedWith429()
    {
        await using Stack stack = await Stack.StartAsync(redis, OneRequest);
        stack.Upstream.Handler = async context =>
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
            byte[] buffer = new byte[16];
            WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, CancellationToken.None);
            await socket.SendAsync(buffer.AsMemory(0, received.Count), WebSocketMessageType.Text, true, CancellationToken.None);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        };
        Uri address = new UriBuilder(stack.Edge.Address) { Scheme = "ws", Path = "/rating" }.Uri;

        using ClientWebSocket first = NewSocket();
        await first.ConnectAsync(address, CancellationToken.None);
        await first.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        byte[] echo = new byte[16];
        WebSocketReceiveResult answer = await first.ReceiveAsync(echo, CancellationToken.None);
        using ClientWebSocket second = NewSocket();
        await Assert.ThrowsAsync<WebSocketException>(() => second.ConnectAsync(address, CancellationToken.None));

        Assert.Equal("hello"u8.ToArray(), echo[..answer.Count]);
        Assert.Equal(HttpStatusCode.TooManyRequests, second.HttpStatusCode);
        Assert.True(second.HttpResponseHeaders!.ContainsKey("Retry-After"));

        static ClientWebSocket NewSocket()
        {
            ClientWebSocket socket = new();
            socket.Options.SetRequestHeader("X-API-Key", "test-key");
            socket.Options.CollectHttpResponseDetails = true;
            return socket;
        }
    }
}
