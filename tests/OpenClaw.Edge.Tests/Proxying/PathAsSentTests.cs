using System.Net;
using System.Net.Sockets;
using System.Text;
using OpenClaw.Edge.Proxying;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Proxying;

public sealed class PathAsSentTests(SharedRedis redis)
{
    [Fact]
    public async Task Target_AnySpelling_ReachesTheUpstreamAsSentOrIsRefused()
    {
        using TcpListener upstream = new(IPAddress.Loopback, 0);
        upstream.Start();
        await using Stack stack = await Stack.StartAsync(redis);
        TestEdge edge = await stack.AddEdgeAsync(
            ("ReverseProxy:Clusters:rating-api:Destinations:rating-api:Address", $"http://{upstream.LocalEndpoint}"),
            ("ReverseProxy:Clusters:rating-api:HealthCheck:Active:Enabled", "false"),
            ("ReverseProxy:Clusters:rating-api:HealthCheck:Passive:Enabled", "false"),
            ("OpenClaw:Edge:Allow:Networks:0", "127.0.0.0/8"));
        (string Sent, string? Received)[] targets =
        [
            ("/ratings/a%2Fb", "/ratings/a%2Fb"), ("/ratings/a%2fb", "/ratings/a%2fb"), ("/ratings/a%252Fb", "/ratings/a%252Fb"),
            ("/ratings/%ff%FE", "/ratings/%ff%FE"),
            ("/ratings/100%25", "/ratings/100%25"), ("/ratings/a;b=c,d", "/ratings/a;b=c,d"),
            ("/ratings/a+b%20c%2B", "/ratings/a+b%20c%2B"), ("/ratings//x///y", "/ratings//x///y"),
            ("/ratings/%E2%82%AC", "/ratings/%E2%82%AC"), ("/r%61tings/x", "/r%61tings/x"),
            ("/ratings/a:b@c!$&'()*~", "/ratings/a:b@c!$&'()*~"), ("/ratings/[x]|{y}", "/ratings/[x]|{y}"),
            ("/ratings/a/../b%2Fc", "/ratings/b%2Fc"), ("/ratings/a/%2E%2e/./b", "/ratings/b"), ("/ratings/a/..", "/ratings/"),
            ("/ratings/...%2F", "/ratings/...%2F"),
            ("/ratings/x?a=%2F%ff+;&b=%zz&&c=/../?", "/ratings/x?a=%2F%ff+;&b=%zz&&c=/../?"), ("/ratings/x?", "/ratings/x?"),
            ("http://edge/ratings/a;b%20c?q", "/ratings/a;b%20c?q"),
            // Kestrel fully decodes a path in absolute form.
            ("http://edge/ratings/a%2Fb", null),
            ("/ratings/a%", null), ("/ratings/a%2", null), ("/ratings/%zz", null), ("/ratings/a\\b", null), ("/ratings/a#b", null),
            ("/ratings/..%2f..%2Fhealth", null), ("/ratings/a%2F..", null), ("/ratings/%2e%2e%5chealth", null),
            ("/ratings/a%5C.%2Fb", null),
            // Servlet containers drop parameters of segments.
            ("/ratings/..;/x", null), ("/ratings/..;a=1/x", null), ("/ratings/.;/x", null), ("/ratings/..;", null),
            ("/ratings/%2e.;x/%41", null), ("/ratings/..%3B/x", null), ("/ratings/a%2F..;/x", null),
            ("/ratings/..a;/...;/x;y", "/ratings/..a;/...;/x;y"),
        ];

        foreach ((string sent, string? received) in targets)
        {
            byte[] request = Encoding.Latin1.GetBytes($"GET {sent} HTTP/1.1\r\nHost: edge\r\nConnection: close\r\n\r\n");
            if (received is null)
            {
                string refused = await RawHttp.ExchangeAsync(edge.Address, request);
                Assert.True(refused.StartsWith("HTTP/1.1 400 ", StringComparison.Ordinal), $"{sent} got {refused}");
                Assert.Contains("application/problem+json", refused);
                continue;
            }

            Task<string> line = ReadLineAsync(upstream);
            Task<string> answer = RawHttp.ExchangeAsync(edge.Address, request);
            string response = await answer;
            Assert.True(response.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal), $"{sent} is answered by the edge: {response}");
            Assert.Equal($"GET {received} HTTP/1.1", await line);
        }
    }

    [Theory]
    [InlineData("/a/b%2Fc", "/a/b%2Fc", "/api/a/b%2Fc", "/api/a/b%2Fc")]
    [InlineData("/a/b%252Fc", "/a/b%2Fc", "/api/a/b%2Fc", "/api/a/b%252Fc")]
    [InlineData("/api/b%2Fc/%ff", "/api/b%2Fc/%ff", "/b%2Fc/%ff", "/b%2Fc/%ff")]
    [InlineData("/api/b%2Fc", "/api/b%2Fc", "/v 2/b%2Fc", "/v%202/b%2Fc")]
    [InlineData("/a/b", "/a/b", "/ab", "/ab")]
    [InlineData("/a/b%2Fc", "/a/b%2Fc", "/set", "/set")]
    [InlineData("/a/b%2Fc/x", "/a/b%2Fc/x", "/b%2Fc", null)]
    public void TryRewrite_PathChangedByTransforms_SharedSegmentsAsSent(string raw, string decoded, string changed, string? expected)
    {
        bool isKnown = RequestTarget.TryRewrite(raw, decoded, changed, out string path);

        Assert.Equal(expected, isKnown ? path : null);
    }

    [Fact]
    public async Task Target_PrefixTakenAwayAndAnotherPut_RestAsSent()
    {
        await using Stack stack = await Stack.StartAsync(redis,
            ("ReverseProxy:Routes:ratings:Transforms:0:PathRemovePrefix", "/ratings"),
            ("ReverseProxy:Routes:ratings:Transforms:1:PathPrefix", "/v1"),
            ("ReverseProxy:Routes:ratings:Transforms:2:QueryValueParameter", "from"),
            ("ReverseProxy:Routes:ratings:Transforms:2:Append", "edge"));
        string? target = null;
        stack.Upstream.Handler = context =>
        {
            target = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
            return Task.CompletedTask;
        };

        Assert.Equal(200, await RawHttp.StatusAsync(stack.Edge.Address, "GET /ratings/a%2Fb/%ff?q=1 HTTP/1.1"));

        Assert.Equal("/v1/a%2Fb/%ff?q=1&from=edge", target);
    }

    [Theory]
    [InlineData("", "/ratings", "/")]
    [InlineData("", "/ratings?x=1", "/?x=1")]
    [InlineData("", "/ratings/", "/")]
    [InlineData("/base", "/ratings?x=1", "/base?x=1")]
    [InlineData("/base/", "/ratings", "/base")]
    public async Task Target_WholePathTakenAway_SlashOrTheBasePath(string basePath, string sent, string received)
    {
        await using Stack stack = await Stack.StartAsync(redis);
        TestEdge edge = await stack.AddEdgeAsync(
            ("ReverseProxy:Clusters:rating-api:Destinations:rating-api:Address", stack.Upstream.Address.TrimEnd('/') + basePath),
            ("ReverseProxy:Routes:ratings:Transforms:0:PathRemovePrefix", "/ratings"));
        string? target = null;
        stack.Upstream.Handler = context =>
        {
            target = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
            return Task.CompletedTask;
        };

        Assert.Equal(200, await RawHttp.StatusAsync(edge.Address, $"GET {sent} HTTP/1.1"));

        Assert.Equal(received, target);
    }

    private static async Task<string> ReadLineAsync(TcpListener listener)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        NetworkStream stream = client.GetStream();
        StringBuilder head = new();
        byte[] buffer = new byte[4096];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append(Encoding.Latin1.GetString(buffer, 0, await stream.ReadAtLeastAsync(buffer, 1)));
        }

        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
        return head.ToString().Split("\r\n")[0];
    }
}
