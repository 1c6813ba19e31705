using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenClaw.Edge.Rules;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.RateLimiting;
using OpenClaw.TestServers;

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
        await stack.Edge.Services.GetRequiredService<ITokenBucketLimiter>().BlockAsync(
            stack.Edge.Services.GetRequiredService<EdgeRulesStore>().Current.PoliciesByName["rating"].Variant.Limits, "c:test", TimeSpan
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
        await stack.Edge.Services.GetRequiredService<ITokenBucketLimiter>().BlockAsync(
            stack.Edge.Services.GetRequiredService<EdgeRulesStore>().Current.PoliciesByName["rating"].Variant.Limits, "c:test", TimeSpan
                .FromSeconds(500));

        using HttpResponseMessage response = await client.SendAsync();
        int retryAfter = int.Parse(response.Header("Retry-After")!);

        Assert.InRange(retryAfter, 480, 500);
        Assert.Matches($"^\"burst\";r=0;t={retryAfter}$", response.Header("RateLimit"));
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
    public async Task Refused_Grpc_TrailersOnlyResourceExhausted()
    {
        await using Stack stack = await Stack.StartAsync(redis, [.. OneRequest, ("Kestrel:EndpointDefaults:Protocols", "Http2")]);
        using HttpClient client = stack.Edge.CreateClient("test-key");
        client.DefaultRequestVersion = HttpVersion.Version20;
        client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using HttpResponseMessage first = await Call();

        using HttpResponseMessage response = await Call();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(HttpVersion.Version20, response.Version);
        Assert.Equal("application/grpc", response.Header("Content-Type"));
        Assert.Equal("8", response.Header("grpc-status"));
        Assert.NotNull(response.Header("grpc-message"));
        Assert.True(int.Parse(response.Header("grpc-retry-pushback-ms")!) >= 1000);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.Empty(response.TrailingHeaders);

        Task<HttpResponseMessage> Call()
        {
            ByteArrayContent content = new([0, 0, 0, 0, 0]);
            content.Headers.ContentType = new("application/grpc");
            return client.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/rating") { Content = content, Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact });
        }
    }

    [Theory]
    [InlineData("application/grpc-web+proto", "application/grpc-web+proto")]
    [InlineData("application/grpc-web-text", "application/grpc-web-text+proto")]
    [InlineData("application/grpc+json; charset=utf-8", "application/grpc")]
    public async Task Refused_GrpcOfAnyKind_AnsweredInItsOwn(string sent, string answered)
    {
        await using Stack stack = await Stack.StartAsync(redis, OneRequest);
        await stack.Edge.Client.StatusAsync();

        using HttpResponseMessage response = await PostAsync(stack.Edge.Client, sent);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(answered, response.Header("Content-Type"));
        Assert.Equal("8", response.Header("grpc-status"));
    }

    [Fact]
    public async Task Refused_OnlyLooksLikeGrpc_Plain429()
    {
        await using Stack stack = await Stack.StartAsync(redis, OneRequest);
        await stack.Edge.Client.StatusAsync();

        // Caches may store a 200 to a GET.
        int get = await RawHttp.StatusAsync(stack.Edge.Address, "GET /rating HTTP/1.1", "Content-Type: application/grpc");
        using HttpResponseMessage other = await PostAsync(stack.Edge.Client, "application/grpclike");

        Assert.Equal(429, get);
        Assert.Equal(HttpStatusCode.TooManyRequests, other.StatusCode);
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

    [Fact]
    public async Task Refused_ClosedPolicyWithoutRedis_503WithReducedCapacity()
    {
        await using RedisServer own = await RequireOwnRedisAsync();
        await using Stack stack = await Stack.StartAsync(
            own.ConnectionString, ("OpenClaw:Edge:Policies:rating:FailureMode", "Closed"),
            ("OpenClaw:Edge:Limiter:Deadline", "00:00:00.100"));
        own.Kill();

        using HttpResponseMessage response = await UntilAsync(stack.Edge.Client, HttpStatusCode.ServiceUnavailable);

        Assert.InRange(int.Parse(response.Header("Retry-After")!), 1, 2);
        using JsonDocument problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("https://iana.org/assignments/http-problem-types#temporary-reduced-capacity", problem.RootElement.GetProperty("type")
            .GetString());
        using HttpResponseMessage health = await stack.Edge.Management.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.StartsWith("Degraded\nredis: Redis does not decide (", await health.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("Open")]
    [InlineData("Local")]
    public async Task Request_OpenOrLocalPolicyWithoutRedis_GoesThrough(string failureMode)
    {
        await using RedisServer own = await RequireOwnRedisAsync();
        await using Stack stack = await Stack.StartAsync(
            own.ConnectionString, ("OpenClaw:Edge:Policies:rating:FailureMode", failureMode),
            ("OpenClaw:Edge:Limiter:Deadline", "00:00:00.100"));
        own.Kill();

        using HttpResponseMessage response = await stack.Edge.Client.SendAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("\"burst\";q=20;w=4", response.Header("RateLimit-Policy"));
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

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string contentType)
    {
        ByteArrayContent content = new([0, 0, 0, 0, 0]);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return client.PostAsync("/rating", content);
    }

    private static async Task<RedisServer> RequireOwnRedisAsync()
    {
        Requires.RedisServer();
        return await RedisServer.StartAsync();
    }

    private static async Task<HttpResponseMessage> UntilAsync(HttpClient client, HttpStatusCode status)
    {
        HttpResponseMessage? response = null;
        await Poll.UntilAsync($"the edge answers {status}", async () =>
        {
            response = await client.SendAsync();
            return response.StatusCode == status;
        }, TimeSpan.FromSeconds(10));
        return response!;
    }
}
