using System.Net;
using CsCheck;
using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Rules;

public sealed class AccessListTests(SharedRedis redis)
{
    [Fact]
    public async Task Allow_NetworkOrClient_IsNeverLimited()
    {
        await using Stack stack = await Stack.StartAsync(redis,
        [
            .. Requests.Bucket(
                "rating", "burst", 1), ("OpenClaw:Edge:Allow:Networks:0", "127.0.0.4/30"), ("OpenClaw:Edge:Allow:Clients:0", "gold-sample"),
        ]);
        using HttpClient inside = stack.Edge.CreateClient(from: "127.0.0.6");
        using HttpClient outside = stack.Edge.CreateClient(from: "127.0.0.8");
        using HttpClient gold = stack.Edge.CreateClient("gold-key");

        Assert.Equal(5, await Requests.CountAllowedAsync(5, _ => inside.StatusAsync()));
        Assert.Equal(1, await Requests.CountAllowedAsync(5, _ => outside.StatusAsync()));
        Assert.Equal(5, await Requests.CountAllowedAsync(5, _ => gold.StatusAsync()));
    }

    [Fact]
    public async Task Deny_NetworkOrClient_403AndWinsOverAllow()
    {
        await using Stack stack = await Stack.StartAsync(redis,
            ("OpenClaw:Edge:Deny:Networks:0", "127.0.0.4/30"), ("OpenClaw:Edge:Deny:Clients:0", "gold-sample"),
            ("OpenClaw:Edge:Allow:Networks:0", "127.0.0.0/8"));
        using HttpClient inside = stack.Edge.CreateClient(from: "127.0.0.6");

        using HttpResponseMessage refused = await inside.SendAsync();

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Header("Content-Type"));
        Assert.Equal(HttpStatusCode.Forbidden, await stack.Edge.Client.StatusAsync("/rating", ("X-API-Key", "gold-key")));
        Assert.Equal(HttpStatusCode.OK, await stack.Edge.Client.StatusAsync());
    }

    [Theory]
    [InlineData("::/0")]
    [InlineData("::/80")]
    [InlineData("::ffff:0:0/95")]
    public void Contains_NetworkOfIPv6_NoIPv4Address(string network)
    {
        NetworkSet set = NetworkText.Compile([network], "", []);

        Assert.True(set.Contains(IPAddress.Parse("::fffe:1:2")));
        Assert.False(set.Contains(IPAddress.Parse("203.0.113.7")));
        Assert.False(set.Contains(IPAddress.Parse("203.0.113.7").MapToIPv6()));
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.255.255.255", "11.0.0.0")]
    [InlineData("10.1.2.3/8", "10.255.255.255", "11.0.0.0")]
    [InlineData("::ffff:10.0.0.0/104", "10.255.255.255", "11.0.0.0")]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1", "10.0.0.2")]
    [InlineData("2001:db8::/32", "2001:db8:ffff::", "2001:db9::")]
    [InlineData("0.0.0.0/0", "255.255.255.255", "::1")]
    public void TryParse_Network_IsTheOneThatIsMeant(string text, string inside, string outside)
    {
        NetworkSet set = NetworkText.Compile([text], "", []);

        Assert.True(set.Contains(IPAddress.Parse(inside)));
        Assert.False(set.Contains(IPAddress.Parse(outside)));
    }

    /// <summary>Texts that .NET alone would parse as a different network: 0.0.0.0/8, 10.0.0.0/16, 8.0.0.0/8 and so on.</summary>
    [Theory]
    [InlineData("10/8")]
    [InlineData("10.1/16")]
    [InlineData("010.0.0.0/8")]
    [InlineData("0x0a.0.0.0/8")]
    [InlineData("fe80::1%3/64")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0.0.0/")]
    [InlineData("/8")]
    [InlineData("010.0.0.1")]
    [InlineData("10")]
    [InlineData("")]
    public void TryParse_AnythingElse_False(string text) => Assert.False(NetworkText.TryParse(text, out _));

    [Fact]
    public void Contains_AnyNetworksAndAddress_AsEachNetworkSays() =>
        Gen.Select(Gen.Select(Gen.UInt, Gen.Int[0, 32]).Array[0, 20], Gen.UInt, Gen.Int[-1, 19]).Sample((networks, address, near) =>
        {
            IPNetwork[] all = [.. networks.Select(network => Network(network.Item1, network.Item2))];
            // Otherwise half of the addresses would be in no network.
            IPAddress probe = near >= 0 && near < all.Length ? all[near].BaseAddress : new IPAddress(address);
            return new NetworkSet(all).Contains(probe) == all.Any(network => network.Contains(probe))
                && new NetworkSet(all).Contains(probe.MapToIPv6()) == all.Any(network => network.Contains(probe));
        });

    private static IPNetwork Network(uint address, int prefix)
    {
        uint mask = prefix == 0 ? 0 : uint.MaxValue << (32 - prefix);
        Span<byte> bytes = stackalloc byte[4];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bytes, address & mask);
        return new IPNetwork(new IPAddress(bytes), prefix);
    }
}
