using System.Net;
using CsCheck;
using OpenClaw.Edge.Lists;
using OpenClaw.Edge.Tests.Hosting;

namespace OpenClaw.Edge.Tests.Limiting;

public sealed class ListTests(SharedRedis redis)
{
    [Fact]
    public async Task Allow_NetworkOrClient_IsNeverLimited()
    {
        await using Stack stack = await Stack.StartAsync(redis,
        [
            .. Requests.Bucket("rating", "burst", 1), ("OpenClaw:Edge:Allow:Networks:0", "127.0.0.4/30"), ("OpenClaw:Edge:Allow:Clients:0", "gold-sample"),
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
            ("OpenClaw:Edge:Deny:Networks:0", "127.0.0.4/30"), ("OpenClaw:Edge:Deny:Clients:0", "gold-sample"), ("OpenClaw:Edge:Allow:Networks:0", "127.0.0.0/8"));
        using HttpClient inside = stack.Edge.CreateClient(from: "127.0.0.6");

        using HttpResponseMessage refused = await inside.SendAsync();

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Header("Content-Type"));
        Assert.Equal(HttpStatusCode.Forbidden, await stack.Edge.Client.StatusAsync("/rating", ("X-API-Key", "gold-key")));
        Assert.Equal(HttpStatusCode.OK, await stack.Edge.Client.StatusAsync());
        Assert.Equal(HttpStatusCode.OK, (await inside.GetAsync("/health")).StatusCode);
    }

    [Fact]
    public void Contains_AnyNetworksAndAddress_AsEachNetworkSays() =>
        Gen.Select(Gen.Select(Gen.UInt, Gen.Int[0, 32]).Array[0, 20], Gen.UInt, Gen.Int[-1, 19]).Sample((networks, address, near) =>
        {
            IPNetwork[] all = [.. networks.Select(network => Network(network.Item1, network.Item2))];
            // Half of the addresses would otherwise be in none.
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
