using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Edge.Overload;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Overload;

/// <summary>Tests the limit of open connections per address. The default is half of the total limit.</summary>
public sealed class ConnectionShareTests(SharedRedis redis)
{
    private const string Greedy = "127.0.0.2";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Connections_ManyFromOneAddress_FurtherOnesAreClosedUnaskedAndOthersAreServed()
    {
        await using Stack stack = await Stack.StartAsync(redis, ("OpenClaw:Edge:Overload:MaxConnections", "4"));
        using MetricCounter shed = new(stack.Edge.Services, "openclaw.edge.shed_connections");
        using RawConnection first = await OpenAsync(stack);
        using RawConnection second = await OpenAsync(stack);
        Assert.True(await first.IsAnsweredAsync());
        Assert.True(await second.IsAnsweredAsync());

        for (int i = 0; i < 5; i++)
        {
            Assert.True(await RawConnection.IsClosedAsync(stack.Edge.Address, Greedy));
        }

        Assert.Equal(HttpStatusCode.OK, await stack.Edge.Client.StatusAsync());
        Assert.True(await first.IsAnsweredAsync());
        Assert.True(await second.IsAnsweredAsync());
        Assert.Equal(5, shed.Sum());
        Assert.Equal(
            "A connection of 127.0.0.2 is closed: it has 2 open, which is the limit (OpenClaw:Edge:Overload:MaxConnectionsPerAddress).",
            Assert.Single(stack.Edge.Logs.GetSnapshot(), record => record.Category == typeof(ConnectionMiddleware).FullName).Message);
    }

    [Fact]
    public async Task Connections_OneCloses_ItsPlaceIsFreeAgainAndWithTheLastOneTheAddressIsForgotten()
    {
        await using Stack stack = await Stack.StartAsync(redis, ("OpenClaw:Edge:Overload:MaxConnectionsPerAddress", "1"));
        ConnectionMiddleware connections = stack.Edge.Services.GetRequiredService<ConnectionMiddleware>();
        using RawConnection first = await OpenAsync(stack);
        Assert.True(await first.IsAnsweredAsync());
        Assert.True(await RawConnection.IsClosedAsync(stack.Edge.Address, Greedy));
        Assert.Equal(1, connections.AddressCount);

        first.Dispose();

        await Poll.UntilAsync("the place is free", async () =>
        {
            using RawConnection next = await OpenAsync(stack);
            return await next.IsAnsweredAsync();
        }, Patience);
        await Poll.UntilAsync("the address is forgotten", () => connections.AddressCount == 0, Patience);
    }

    [Fact]
    public async Task Connections_OfATrustedProxy_AsManyAsThereAre()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, ("OpenClaw:Edge:ClientAddress:TrustedNetworks:0", Greedy), ("OpenClaw:Edge:Overload:MaxConnectionsPerAddress", "1"));
        using RawConnection first = await OpenAsync(stack);
        using RawConnection second = await OpenAsync(stack);
        using RawConnection third = await OpenAsync(stack);
        using RawConnection other = await RawConnection.OpenAsync(stack.Edge.Address, "127.0.0.3");
        Assert.True(await other.IsAnsweredAsync());

        Assert.True(await RawConnection.IsClosedAsync(stack.Edge.Address, "127.0.0.3"));
        Assert.All(await Task.WhenAll(first.IsAnsweredAsync(), second.IsAnsweredAsync(), third.IsAnsweredAsync()), Assert.True);
    }

    private static Task<RawConnection> OpenAsync(Stack stack) => RawConnection.OpenAsync(stack.Edge.Address, Greedy);
}
