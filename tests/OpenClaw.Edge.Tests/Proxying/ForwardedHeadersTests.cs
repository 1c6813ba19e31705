using Microsoft.AspNetCore.Http;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Proxying;

/// <summary>Tests the forwarding headers sent to the upstream. Trusted proxies are 127.0.0.1, 10.0.0.0/8 and 2001:db8:1::/48.</summary>
public sealed class ForwardedHeadersTests(SharedRedis redis)
{
    private static readonly (string, string?)[] Trusted =
    [
        ("OpenClaw:Edge:ClientAddress:TrustedNetworks:0", "127.0.0.1"), ("OpenClaw:Edge:ClientAddress:TrustedNetworks:1", "10.0.0.0/8"),
        ("OpenClaw:Edge:ClientAddress:TrustedNetworks:2", "2001:db8:1::/48"),
    ];

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7, 127.0.0.1")]
    [InlineData("1.1.1.1, 203.0.113.7", "203.0.113.7, 127.0.0.1")]
    [InlineData("unknown, 203.0.113.7, 10.0.0.1", "203.0.113.7, 10.0.0.1, 127.0.0.1")]
    [InlineData("203.0.113.7:4711, 10.0.0.1:80", "203.0.113.7:4711, 10.0.0.1:80, 127.0.0.1")]
    [InlineData("2001:db8::7, [2001:db8:1::1]:443", "2001:db8::7, [2001:db8:1::1]:443, 127.0.0.1")]
    [InlineData("10.0.0.9, 10.0.0.1", "10.0.0.1, 127.0.0.1")]
    [InlineData("203.0.113.7, nonsense", "127.0.0.1")]
    [InlineData(null, "127.0.0.1")]
    public async Task ForwardedFor_FromTrustedProxy_ContinuedFromTheClientOn(string? sent, string expected)
    {
        IHeaderDictionary seen = await SendAsync("127.0.0.1", Trusted, ("X-Forwarded-For", sent));

        Assert.Equal(expected, seen["X-Forwarded-For"]);
        Assert.False(seen.ContainsKey("Forwarded"));
    }

    [Theory]
    [InlineData("203.0.113.7", "https", "api.example.com:8443", "https", "api.example.com:8443")]
    [InlineData("203.0.113.7, 10.0.0.1", "gopher, https, http", "evil.example, api.example.com, inner", "https", "api.example.com")]
    [InlineData("203.0.113.7, 10.0.0.1", "https", "api.example.com", "https", "api.example.com")]
    [InlineData("203.0.113.7", "javascript", "a b", "http", "edge.example")]
    [InlineData("203.0.113.7", null, null, "http", "edge.example")]
    public async Task ProtoAndHost_FromTrustedProxy_ThoseOfTheClient(
        string @for, string? proto, string? host, string expectedProto, string expectedHost)
    {
        IHeaderDictionary seen = await SendAsync(
            "127.0.0.1", Trusted, ("X-Forwarded-For", @for), ("X-Forwarded-Proto", proto), ("X-Forwarded-Host", host),
            ("X-Forwarded-Prefix", "/shop"), ("X-Forwarded-Port", "8443"));

        Assert.Equal((expectedProto, expectedHost), (seen["X-Forwarded-Proto"].ToString(), seen["X-Forwarded-Host"].ToString()));
        Assert.Equal(("/shop", "8443"), (seen["X-Forwarded-Prefix"].ToString(), seen["X-Forwarded-Port"].ToString()));
    }

    [Fact]
    public async Task Headers_FromAnybodyElse_BegunAnew()
    {
        foreach ((string, string?)[] settings in new[] { [], Trusted })
        {
            IHeaderDictionary seen = await SendAsync("127.0.0.2", settings,
                ("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example"),
                ("X-Forwarded-Prefix", "/evil"), ("X-Forwarded-Port", "1"),
                ("X-Forwarded-User", "root"), ("x-forwarded-client-cert", "Hash=00"), ("X-Real-IP", "203.0.113.7"),
                ("Forwarded", "for=203.0.113.7"));

            Assert.Equal(
                ["X-Forwarded-For: 127.0.0.2", "X-Forwarded-Host: edge.example", "X-Forwarded-Proto: http"],
                seen.Where(header => header.Key.Contains("orward") || header.Key == "X-Real-IP")
                    .Select(header => $"{header.Key}: {header.Value}")
                    .Order());
        }
    }

    /// <summary>CGI, WSGI and PHP read both spellings as one variable.</summary>
    [Theory]
    [InlineData("127.0.0.1", "203.0.113.7, 127.0.0.1")]
    [InlineData("127.0.0.2", "127.0.0.2")]
    public async Task Headers_SpelledWithUnderscores_DroppedFromEverybody(string from, string expected)
    {
        IHeaderDictionary seen = await SendAsync(from, Trusted,
            ("X-Forwarded-For", "203.0.113.7"), ("x_forwarded_for", "6.6.6.6"), ("X-Forwarded_For", "6.6.6.6"),
            ("X_Forwarded_Proto", "https"), ("X_Real_IP", "6.6.6.6"), ("X-Real_IP", "6.6.6.6"), ("X_Forwarding", "kept"));

        Assert.Equal(["X_Forwarding"], seen.Keys.Where(name => name.Contains('_')));
        Assert.Equal(expected, seen["X-Forwarded-For"]);
    }

    [Theory]
    [InlineData("for=203.0.113.7;proto=https;host=api.example.com", "for=203.0.113.7;proto=https;host=api.example.com",
        "203.0.113.7, 127.0.0.1", "https", "api.example.com")]
    [InlineData("for=evil, for=\"[2001:db8::7]:4711\";proto=https, for=10.0.0.1",
        "for=\"[2001:db8::7]:4711\";proto=https, for=10.0.0.1", "2001:db8::7, 10.0.0.1, 127.0.0.1", "https", "edge.example")]
    [InlineData(null, null, "127.0.0.1", "http", "edge.example")]
    public async Task Forwarded_AsTheTrustedHeader_ContinuedAndToldInBothForms(
        string? sent, string? continued, string @for, string proto, string host)
    {
        // This proxy does not write X-Forwarded-*, so these may come from the client.
        IHeaderDictionary seen = await SendAsync("127.0.0.1", [.. Trusted, ("OpenClaw:Edge:ClientAddress:Header", "Forwarded")],
            ("Forwarded", sent), ("X-Forwarded-For", "9.9.9.9"), ("X-Forwarded-Proto", "wss"), ("X-Forwarded-Host", "evil.example"));

        const string Own = "for=127.0.0.1;host=\"edge.example\";proto=http";
        Assert.Equal(continued is null ? Own : $"{continued}, {Own}", seen["Forwarded"]);
        Assert.Equal((@for, proto, host),
            (seen["X-Forwarded-For"].ToString(), seen["X-Forwarded-Proto"].ToString(), seen["X-Forwarded-Host"].ToString()));
    }

    [Fact]
    public async Task Forwarded_BesideTheTrustedHeader_SaysTheSame()
    {
        IHeaderDictionary seen = await SendAsync(
            "127.0.0.1", Trusted, ("Forwarded", "for=9.9.9.9"), ("X-Forwarded-For", "2001:db8::7, 10.0.0.1"),
            ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "api.example.com"));

        Assert.Equal(
            "for=\"[2001:db8::7]\";host=\"api.example.com\";proto=https, for=10.0.0.1, for=127.0.0.1;host=\"edge.example\";proto=http",
            seen["Forwarded"]);
    }

    [Theory]
    [InlineData("Append", "203.0.113.7, 127.0.0.1")]
    [InlineData("Set", "127.0.0.1")]
    [InlineData("Remove", "")]
    public async Task Transform_OfTheRoute_GoesOnFromWhatIsTrusted(string action, string expected)
    {
        IHeaderDictionary seen = await SendAsync(
            "127.0.0.1", [.. Trusted, ("ReverseProxy:Routes:rating:Transforms:0:X-Forwarded", action)],
            ("X-Forwarded-For", "9.9.9.9, 203.0.113.7"));

        Assert.Equal(expected, seen["X-Forwarded-For"].ToString().Replace("::ffff:", ""));
    }

    private async Task<IHeaderDictionary> SendAsync(
        string from, (string, string?)[] settings, params (string Name, string? Value)[] headers)
    {
        await using Stack stack = await Stack.StartAsync(redis, settings);
        using HttpClient client = stack.Edge.CreateClient(from: from);

        await client.StatusAsync("/rating", [("Host", "edge.example"), .. headers.Where(header => header.Value is not null)
            .Select(header => (header.Name, header.Value!))]);

        return stack.Upstream.LastHeaders;
    }
}
