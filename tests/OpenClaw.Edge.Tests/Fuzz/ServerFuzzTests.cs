using System.Text;
using CsCheck;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Fuzz;

/// <summary>Random bytes, shaped like requests, against the whole edge on Kestrel.</summary>
public sealed class ServerFuzzTests(SharedRedis redis)
{
    [Fact]
    public async Task AnyRequest_PathsAndHeaders_NeverAServerError()
    {
        await using Stack stack = await Stack.StartAsync(redis,
        [
            ("OpenClaw:Edge:ClientAddress:TrustedNetworks:0", "127.0.0.0/8"), ("OpenClaw:Edge:ApiKeys:Unknown", "Accept"), ("OpenClaw:Edge:ApiKeys:Bearer", "true"),
            ("OpenClaw:Edge:Cors:AllowedOrigins:0", "https://app.example.com"), ("OpenClaw:Edge:Answers:RateLimitHeaders", "Both"),
        ]);
        Uri edge = stack.Edge.Address;
        Gen<char> octet = Gen.Int[1, 255].Where(c => c is not ('\r' or '\n')).Select(c => (char)c);
        Gen<string> value = Gen.OneOf(Gen.String[octet, 0, 60], Gen.String[Gen.Char[' ', '~'], 0, 60]);
        Gen<string> target = Gen.OneOf(
            Gen.String[Gen.OneOf("/.%2fFeERrating;?#\\\u00e9s:@".ToCharArray()), 0, 30].Select(text => "/rating" + text),
            Gen.String[Gen.OneOf("/.%2e5cratings".ToCharArray()), 0, 30].Select(text => "/" + text),
            Gen.String[Gen.Char['!', '~'], 1, 40]);
        Gen<string> name = Gen.OneOf(
            "X-API-Key", "Authorization", "X-Forwarded-For", "Forwarded", "Origin", "Access-Control-Request-Method", "Content-Type", "Connection", "Upgrade", "Expect",
            "TE", "Transfer-Encoding", "Content-Length", "Host", "Range", "Cookie", "X-Forwarded-Host", "traceparent", "baggage");
        Gen<string> request = Gen.Select(Gen.OneOf("GET", "POST", "OPTIONS", "HEAD", "CONNECT", "TRACE", "x"), target, Gen.Select(name, value).Array[0, 5])
            .Select((method, path, headers) => $"{method} {path} HTTP/1.1\r\nHost: edge\r\n{string.Concat(headers.Select(header => $"{header.Item1}: {header.Item2}\r\n"))}Connection: close\r\n\r\n");

        await request.SampleAsync(async text =>
        {
            string answer = await RawHttp.ExchangeAsync(edge, Encoding.Latin1.GetBytes(text + "0\r\n\r\n"), halfClose: true);
            return answer.Length == 0 || !answer.StartsWith("HTTP/1.1 5", StringComparison.Ordinal);
        }, iter: 3_000, threads: 4);

        Assert.Equal(System.Net.HttpStatusCode.OK, await stack.Edge.Client.StatusAsync("/health"));
        Assert.DoesNotContain(stack.Edge.Logs.GetSnapshot(), record => record.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }
}
