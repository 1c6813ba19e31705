using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Fuzz;

/// <summary>Random bytes, shaped like requests, against the whole edge on Kestrel: 10,000 of them, or as many as the environment variable
/// <c>OPENCLAW_FUZZ_REQUESTS</c> says.</summary>
public sealed partial class ServerFuzzTests(SharedRedis redis)
{
    private static readonly long Inputs = long.TryParse(Environment.GetEnvironmentVariable("OPENCLAW_FUZZ_REQUESTS"), out long inputs)
        ? inputs
        : 10_000;

    // Longer than any Content-Length of up to three digits: no request waits for a body that does not come.
    private static readonly string Body = "0\r\n\r\n" + new string('x', 1_000);

    // Characters that parsers and proxies treat specially, chosen more often than at random.
    private static readonly string[] Special =
    [
        "chunked", "gzip, chunked", "identity", "0", "5", "100-continue", "keep-alive, Upgrade", "Upgrade", "TE", "websocket", "h2c",
        "trailers",
        "Bearer silver-key", "silver-key", "127.0.0.1", "for=127.0.0.1", "https://app.example.com", "GET", "application/grpc",
        "application/json", "edge", "bytes=0-1",
        "content-length", "host", "x-api-key, close", "x-forwarded-for", "1", "-1", "\u00c3\u00a9", "\u0001", "\t", "\u007f", ",", ";",
    ];

    [Fact]
    public async Task AnyRequest_PathsAndHeaders_NeverAServerError()
    {
        // Buckets that never run empty; otherwise the limiter would refuse before later stages are reached.
        await using Stack stack = await Stack.StartAsync(redis,
        [
            .. Requests.Bucket("rating", "burst", 2_500_000), .. Requests.Bucket("address", "address", 2_500_000),
            ("OpenClaw:Edge:ClientAddress:TrustedNetworks:0", "127.0.0.0/8"), ("OpenClaw:Edge:ApiKeys:Unknown", "Accept"),
            ("OpenClaw:Edge:ApiKeys:Bearer", "true"),
            ("OpenClaw:Edge:Cors:AllowedOrigins:0", "https://app.example.com"), ("OpenClaw:Edge:Answers:RateLimitHeaders", "Both"),
        ]);
        stack.Upstream.Handler = async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await context.Response.WriteAsync("ok");
        };
        Uri edge = stack.Edge.Address;
        Gen<string> value = Gen.Frequency(
            (5, Gen.OneOf(Special)),
            (4, Gen.String[Gen.Char[' ', '~'], 0, 60]),
            (1, Gen.String[Octet('\u007f'), 0, 6]),
            (1, Gen.String[Octet('\u00ff'), 0, 60]));
        Gen<string> target = Gen.Frequency(
            (3, Gen.OneOf("/rating", "/ratings/x?y=z", "http://edge/rating", "*")),
            (1, Gen.String[Gen.OneOf("/.%2fFeERrating;?#\\\u00e9s:@".ToCharArray()), 0, 30].Select(text => "/rating" + text)),
            (1, Gen.String[Gen.OneOf("/.%2e5cratings".ToCharArray()), 0, 30].Select(text => "/" + text)),
            (1, Gen.String[Gen.Char['!', '~'], 1, 40]));
        Gen<string> name = Gen.OneOf(
            "X-API-Key", "Authorization", "X-Forwarded-For", "Forwarded", "Origin", "Access-Control-Request-Method",
            "Access-Control-Request-Headers", "Content-Type", "Connection", "Upgrade", "Expect",
            "TE", "Transfer-Encoding", "Content-Length", "Host", "Range", "Cookie", "X-Forwarded-Host", "traceparent", "baggage",
            "Max-Forwards", "Sec-WebSocket-Key",
            "Sec-WebSocket-Version", "Accept-Encoding", "Trailer", "Keep-Alive", "Proxy-Connection", "Via", "Allow", "Content-Encoding",
            "Content-Range");
        Gen<string> request = Gen.Select(
                Gen.OneOf("GET", "POST", "OPTIONS", "HEAD", "PUT", "PATCH", "DELETE", "CONNECT", "TRACE", "x"), target, Gen
                    .Select(name, value).Array[0, 5])
            .Select((method, path, headers) => $"{method} {path} HTTP/1.1\r\nHost: "
                + $"edge\r\n{string.Concat(headers.Select(header => $"{header.Item1}: {header.Item2}\r\n"))}Connection: close\r\n\r\n");
        ConcurrentDictionary<string, int> statuses = new();

        await request.SampleAsync(async text =>
        {
            string answer = await RawHttp.ExchangeAsync(edge, Encoding.Latin1.GetBytes(text + Body));
            string status = StatusLine().Match(answer) is { Success: true } line ? line.Groups[1].Value : "none";
            statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
            return status[0] is '2' or '4';
        }, iter: Inputs, threads: 4);

        // All stages were reached: the upstream, and refusals by Kestrel, routing and the edge.
        Assert.Empty(new[] { "200", "400", "404", "405" }.Except(statuses.Keys));
        Assert.True(stack.Upstream.Requests.Count > 100, $"{stack.Upstream.Requests.Count} reached the upstream");
        Assert.Equal(System.Net.HttpStatusCode.OK, await stack.Edge.Management.StatusAsync("/health"));
        Assert.DoesNotContain(stack.Edge.Logs.GetSnapshot(), record => record.Level >= LogLevel.Error);
    }

    private static Gen<char> Octet(char last) => Gen.Char['\u0001', last].Where(c => c is not ('\r' or '\n'));

    /// <summary>The final status; interim ones (100 Continue) come before it.</summary>
    [GeneratedRegex(@"\A(?:HTTP/1\.1 1\d\d [^\r\n]*\r\n\r\n)*HTTP/1\.1 (\d{3}) ")]
    private static partial Regex StatusLine();
}
