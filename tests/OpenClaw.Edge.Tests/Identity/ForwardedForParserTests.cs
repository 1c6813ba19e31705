using System.Net;
using Microsoft.Extensions.Primitives;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Networks;

namespace OpenClaw.Edge.Tests.Identity;

public sealed class ForwardedForParserTests
{
    private static readonly NetworkSet Trusted = NetworkText.Compile(["10.0.0.0/8", "2001:db8:ffff::/48"], "", []);

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("1.1.1.1, 203.0.113.7", "203.0.113.7")]
    [InlineData("1.1.1.1, 203.0.113.7, 10.0.0.2", "203.0.113.7")]
    [InlineData("garbage, 203.0.113.7,10.0.0.2", "203.0.113.7")]
    [InlineData("10.0.0.3, 10.0.0.2", "10.0.0.2")]
    [InlineData("10.0.0.4, 10.0.0.3, 10.0.0.2", "10.0.0.2")]
    [InlineData("10.0.0.2", "10.0.0.2")]
    [InlineData("garbage, 10.0.0.2", null)]
    [InlineData("203.0.113.7:4711", "203.0.113.7")]
    [InlineData("[2001:db8::1]:4711", "2001:db8::1")]
    [InlineData("[2001:db8::1]", "2001:db8::1")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("2001:db8::7, 2001:db8:ffff::1", "2001:db8::7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("203.0.113.7, ::ffff:10.0.0.2", "203.0.113.7")]
    [InlineData("", null)]
    [InlineData("203.0.113.7, garbage", null)]
    [InlineData("203.0.113.7, ", null)]
    [InlineData("1", null)]
    [InlineData("0x7f.1", null)]
    [InlineData("010.1.2.3", null)]
    [InlineData("203.0.113.7:port", null)]
    [InlineData("203.0.113.7:", null)]
    [InlineData("203.0.113.256", null)]
    [InlineData("[203.0.113.7]", null)]
    [InlineData("fe80::1%eth0", null)]
    [InlineData("unknown", null)]
    [InlineData("203.0.113.7 10.0.0.2", null)]
    public void ClientOf_XForwardedFor_FirstUntrustedFromTheRight(string header, string? expected) =>
        Assert.Equal(expected is null ? null : IPAddress.Parse(expected), ForwardedForParser.ClientOf(header, isForwarded: false, Trusted));

    [Theory]
    [InlineData("for=203.0.113.7", "203.0.113.7")]
    [InlineData("For=203.0.113.7;proto=https;by=10.0.0.1", "203.0.113.7")]
    [InlineData("proto=http; for=\"203.0.113.7:99\"", "203.0.113.7")]
    [InlineData("for=1.1.1.1, for=203.0.113.7, for=10.0.0.2", "203.0.113.7")]
    [InlineData("for=\"[2001:db8::1]:47011\"", "2001:db8::1")]
    [InlineData("for=1.1.1.1;host=\"a,b\", for=10.0.0.2", "1.1.1.1")]
    [InlineData("for=10.0.0.3, for=10.0.0.2", "10.0.0.2")]
    [InlineData("for=203.0.113.7;host=\"e\\\", for=6.6.6.6;x=\\\"\"", "203.0.113.7")]
    [InlineData("for=203.0.113.7;host=\"e\\\\\", for=10.0.0.2;host=\"\\\\\\\"\"", "203.0.113.7")]
    [InlineData("for=203.0.113.7;host=\"a;for=6.6.6.6\"", "203.0.113.7")]
    [InlineData("for=203.0.113.7;host=\"a\\\";for=6.6.6.6;\"", "203.0.113.7")]
    [InlineData("for=6.6.6.6;host=\", for=203.0.113.7, for=10.0.0.2", "203.0.113.7")]
    [InlineData("for=\"203.0.113.7:_9.a-B\"", "203.0.113.7")]
    [InlineData("for=\"[2001:db8::1]:_port\"", "2001:db8::1")]
    [InlineData("FOR=\"[2001:DB8::1]\"", "2001:db8::1")]
    [InlineData("for=203.0.113.7;", "203.0.113.7")]
    [InlineData("for=203.0.113.7;host=\"open", null)]
    [InlineData("for=203.0.113.7;host=\"open\\", null)]
    [InlineData("for=\"203.0.113.7:_\"", null)]
    [InlineData("for=\"203.0.113.7:_a b\"", null)]
    [InlineData("for=\"[2001:db8::1]47011\"", null)]
    [InlineData("for=\"\"", null)]
    [InlineData("for=\"", null)]
    [InlineData("for=", null)]
    [InlineData("for =203.0.113.7", null)]
    [InlineData("for=_hidden", null)]
    [InlineData("for=\"_hidden\", for=10.0.0.2", null)]
    [InlineData("for=unknown", null)]
    [InlineData("proto=https", null)]
    [InlineData("for=1.1.1.1;for=2.2.2.2", null)]
    [InlineData("203.0.113.7", null)]
    public void ClientOf_Forwarded_FirstUntrustedFromTheRight(string header, string? expected) =>
        Assert.Equal(expected is null ? null : IPAddress.Parse(expected), ForwardedForParser.ClientOf(header, isForwarded: true, Trusted));

    [Fact]
    public void ClientOf_SeveralLines_AreOneListInOrder() =>
        Assert.Equal(IPAddress.Parse("203.0.113.7"), ForwardedForParser
            .ClientOf(new StringValues(["1.1.1.1, 203.0.113.7", "10.0.0.2"]), isForwarded: false, Trusted));

    [Fact]
    public void ClientOf_TooManyHops_CountsAsAbsent() =>
        Assert.Null(ForwardedForParser.ClientOf(
            string.Join(",", Enumerable.Repeat("10.0.0.2", ForwardedForParser.MaxHops + 1)), isForwarded: false, Trusted));
}
