using System.Net;
using System.Text;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Management;

/// <summary>Tests that the public and the management listener share nothing.</summary>
public sealed class ListenerTests(SharedRedis redis)
{
    private static readonly (string, string?)[] Settings =
    [
        ("OpenClaw:Edge:Admin:Key", TestEdge.AdminKey), ("OpenClaw:Metrics:Prometheus:Enabled", "true"),
        .. Requests.Bucket("rating", "burst", 10),
    ];

    private static readonly string[] Own = ["health", "alive", "metrics", "policies", "clients", "buckets", "rules", "openapi/v1.json"];

    [Fact]
    public async Task PublicPort_AnySpelling_HasNothingOfTheManagementListener()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        Uri edge = stack.Edge.Address;
        Uri management = stack.Edge.ManagementAddress;
        foreach (string path in Own)
        {
            string[] targets =
            [
                $"/{path}", $"/{path}/", $"/{path.ToUpperInvariant()}", $"/{path}?x=/rating", $"//{path}", $"/./{path}", $"/x/../{path}",
                $"/%{(int)path[0]:x2}{path[1..]}", $"/x/..%2f{path}", $"{management}{path}",
            ];
            foreach (string target in targets)
            {
                foreach (string method in (string[])["GET", "HEAD", "POST"])
                {
                    string answer = await RawHttp.ExchangeAsync(edge, Encoding.Latin1.GetBytes(
                        $"{method} {target} HTTP/1.1\r\nHost: {management.Authority}\r\nX-Forwarded-Host: {management.Authority}\r\n"
                            + $"X-Forwarded-Port: {management.Port}\r\nX-Original-URL: /{path}\r\n"
                            + $"Authorization: Bearer {TestEdge.AdminKey}\r\n"
                            + "Content-Length: 0\r\nConnection: close\r\n\r\n"));
                    Assert.True(
                        answer.StartsWith("HTTP/1.1 404 ", StringComparison.Ordinal)
                            || answer.StartsWith("HTTP/1.1 400 ", StringComparison.Ordinal), $"{method} {target}: {answer}");
                }
            }
        }

        Assert.Empty(stack.Upstream.Requests);
    }

    [Fact]
    public async Task ManagementPort_AnySpelling_HasNoRouteOfTheProxy()
    {
        await using Stack stack = await Stack.StartAsync(redis, Settings);
        Uri edge = stack.Edge.Address;
        foreach (string target in (string[])["/rating", "/ratings/x", "/RATING", "/%72ating", "/policies/../rating", $"{edge}rating"])
        {
            string answer = await RawHttp.ExchangeAsync(stack.Edge.ManagementAddress, Encoding.Latin1.GetBytes(
                $"POST {target} HTTP/1.1\r\nHost: {edge.Authority}\r\nX-Forwarded-Port: {edge.Port}\r\nX-Original-URL: /rating\r\n"
                    + $"Authorization: Bearer {TestEdge.AdminKey}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
            Assert.StartsWith("HTTP/1.1 404 ", answer);
        }

        Assert.Empty(stack.Upstream.Requests);
    }

    /// <summary>A path of the management listener is free for a route on the public port, and limited like any other.</summary>
    [Fact]
    public async Task PublicPort_RouteOfTheSamePath_IsProxied()
    {
        await using Stack stack = await Stack.StartAsync(redis,
        [
            .. Settings, ("ReverseProxy:Routes:health:ClusterId", "rating-api"),
            ("ReverseProxy:Routes:health:RateLimiterPolicy", "rating"), ("ReverseProxy:Routes:health:Match:Path", "/health"),
        ]);

        Assert.Equal(HttpStatusCode.OK, await stack.Edge.Client.StatusAsync("/health"));

        Assert.Equal("/health", Assert.Single(stack.Upstream.Requests));
        Assert.Equal("Healthy", await stack.Edge.Management.GetStringAsync("/health"));
    }

    [Fact]
    public async Task Probes_PublicListenerFullOfTwoAddresses_GoOn()
    {
        await using Stack stack = await Stack.StartAsync(redis, [.. Settings, ("OpenClaw:Edge:Overload:MaxConnections", "4")]);
        List<RawConnection> open = [];
        try
        {
            foreach (string address in (string[])["127.0.0.2", "127.0.0.3"])
            {
                for (int i = 0; i < 2; i++)
                {
                    RawConnection connection = await RawConnection.OpenAsync(stack.Edge.Address, address);
                    open.Add(connection);
                    Assert.True(await connection.IsAnsweredAsync());
                }
            }

            foreach (string address in (string[])["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"])
            {
                Assert.True(await RawConnection.IsClosedAsync(stack.Edge.Address, address));
                using HttpClient probe = stack.Edge.CreateClient(from: address);
                foreach (string path in (string[])["/alive", "/health", "/metrics"])
                {
                    Assert.Equal(HttpStatusCode.OK, await probe.StatusAsync(new Uri(stack.Edge.ManagementAddress, path).ToString()));
                }
            }
        }
        finally
        {
            open.ForEach(connection => connection.Dispose());
        }
    }

    [Fact]
    public async Task ProbesAndMetrics_BucketsEmpty_NeitherLimitedNorAskedForTheKey()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. Settings, .. Requests.Bucket("rating", "burst", 1), .. Requests.Bucket("address", "address", 1)]);
        await stack.Edge.Client.StatusAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, await stack.Edge.Client.StatusAsync());

        foreach (string path in (string[])["/health", "/HEALTH", "/health/", "/alive", "/metrics"])
        {
            using HttpResponseMessage response = await stack.Edge.Management.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Null(response.Header("RateLimit"));
        }
    }

    [Fact]
    public async Task Health_ManyProbes_CostNoCallToRedis()
    {
        Requires.RedisServer();
        await using RedisServer own = await RedisServer.StartAsync();
        await using Stack stack = await Stack.StartAsync(own.ConnectionString);
        long before = await CommandsAsync(own);

        for (int i = 0; i < 500; i++)
        {
            Assert.Equal("Healthy", await stack.Edge.Management.GetStringAsync("/health"));
        }

        // Heartbeats and polls for rules go on; they are a few per second.
        Assert.InRange(await CommandsAsync(own) - before, 0, 200);
    }

    [Theory]
    [InlineData("Port", "0")]
    [InlineData("Address", "127.0.0.9")]
    public async Task Start_EarlierNames_AreUsedAndWarnedAboutOnce(string name, string value)
    {
        await using Stack stack = await Stack.StartAsync(redis, ($"OpenClaw:Edge:Admin:{name}", value));

        Assert.Equal(HttpStatusCode.OK, await stack.Edge.Management.StatusAsync("/health"));
        Assert.Equal(name == "Address" ? value : "127.0.0.1", stack.Edge.ManagementAddress.Host);
        Assert.Equal(
            $"OpenClaw:Edge:Admin:{name} still works, but the name is now OpenClaw:Management:{name}.",
            Assert.Single(stack.Edge.Logs.GetSnapshot(), line => line.Id.Id == 620).Message);
    }

    private static async Task<long> CommandsAsync(RedisServer server)
    {
        string stats = await server.ExecuteAsync("INFO", "stats");
        const string Name = "total_commands_processed:";
        int start = stats.IndexOf(Name, StringComparison.Ordinal) + Name.Length;
        return long.Parse(stats.AsSpan(start, stats.IndexOf('\r', start) - start));
    }
}
