using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Offline.Tests.Hosting;

public sealed class PortWaitTests
{
    [Fact]
    public async Task UntilFree_PortStaysInUse_SaysWhichAndWhoNeedsIt()
    {
        using var other = Listen();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var error = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => PortWait.UntilFreeAsync(port, "the dashboard", TimeSpan.Zero, NullLogger.Instance, CancellationToken.None));

        Assert.StartsWith($"Port {port} is in use, and the dashboard needs it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UntilFree_PortIsGivenUp_GoesOn()
    {
        var other = Listen();
        var wait = PortWait.UntilFreeAsync(((IPEndPoint)other.LocalEndpoint).Port, "the dashboard", TimeSpan.FromMinutes(1), NullLogger.Instance, CancellationToken.None);
        Assert.False(wait.IsCompleted);

        other.Dispose();

        await wait.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }
}
