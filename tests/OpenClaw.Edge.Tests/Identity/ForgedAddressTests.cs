using OpenClaw.Edge.Tests.Hosting;
using StackExchange.Redis;

namespace OpenClaw.Edge.Tests.Identity;

public sealed class ForgedAddressTests(SharedRedis redis)
{
    private static readonly (string, string?)[] FiveRequests = Requests.Bucket("rating", "burst", 5);
    private static readonly (string, string?) TrustLoopback = ("OpenClaw:Edge:ClientAddress:TrustedNetworks:0", "127.0.0.0/8");

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("X-Real-IP")]
    [InlineData("Forwarded")]
    public async Task ForgedForwardingHeader_NoTrustedProxy_WinsNothing(string header)
    {
        await using Stack stack = await Stack.StartAsync(redis, FiveRequests);

        int allowed = await Requests.CountAllowedAsync(25, i => stack.Edge.Client.StatusAsync("/rating", (header, $"for=203.0.113.{i}")));

        Assert.Equal(5, allowed);
    }

    [Fact]
    public async Task ForgedForwardingHeader_BehindTrustedProxy_OnlyWhatTheProxyAppendedCounts()
    {
        await using Stack stack = await Stack.StartAsync(redis, [.. FiveRequests, TrustLoopback]);

        int forged = await Requests.CountAllowedAsync(
            25, i => stack.Edge.Client.StatusAsync("/rating", ("X-Forwarded-For", $"203.0.113.{i}, 198.51.100.1")));
        int neighbour = await Requests.CountAllowedAsync(
            1, _ => stack.Edge.Client.StatusAsync("/rating", ("X-Forwarded-For", "198.51.100.2")));

        Assert.Equal(5, forged);
        Assert.Equal(1, neighbour);
    }

    [Fact]
    public async Task ForgedForwardingHeader_ClientInsideTheTrustedNetwork_CannotRotateWhatTheProxyDidNotWrite()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. FiveRequests, TrustLoopback, ("OpenClaw:Edge:ClientAddress:TrustedNetworks:1", "10.0.0.0/8")]);

        int forged = await Requests.CountAllowedAsync(
            25, i => stack.Edge.Client.StatusAsync("/rating", ("X-Forwarded-For", $"10.1.2.{i}, 10.9.9.9")));
        int neighbour = await Requests.CountAllowedAsync(1, _ => stack.Edge.Client.StatusAsync("/rating", ("X-Forwarded-For", "10.9.9.8")));

        Assert.Equal(5, forged);
        Assert.Equal(1, neighbour);
    }

    [Fact]
    public async Task ForgedForwardingHeader_FromOutsideTheTrustedNetwork_IsIgnored()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, [.. FiveRequests, ("OpenClaw:Edge:ClientAddress:TrustedNetworks:0", "127.0.0.9")]);
        using HttpClient outsider = stack.Edge.CreateClient(from: "127.0.0.8");
        using HttpClient proxy = stack.Edge.CreateClient(from: "127.0.0.9");

        Assert.Equal(5, await Requests.CountAllowedAsync(15, i => outsider.StatusAsync("/rating", ("X-Forwarded-For", $"203.0.113.{i}"))));
        Assert.Equal(15, await Requests.CountAllowedAsync(15, i => proxy.StatusAsync("/rating", ("X-Forwarded-For", $"203.0.113.{i}"))));
    }

    [Fact]
    public async Task IPv6Walk_InsideOne64_WinsNothing()
    {
        await using Stack stack = await Stack.StartAsync(redis, [.. FiveRequests, TrustLoopback]);

        int walking = await Requests.CountAllowedAsync(
            25, i => stack.Edge.Client.StatusAsync("/rating", ("X-Forwarded-For", $"2001:db8:0:1:{i:x}::{i:x}")));
        int other = await Requests.CountAllowedAsync(
            8, i => stack.Edge.Client.StatusAsync("/rating", ("X-Forwarded-For", $"2001:db8:0:2::{i:x}")));

        Assert.Equal(5, walking);
        Assert.Equal(5, other);
    }
}
