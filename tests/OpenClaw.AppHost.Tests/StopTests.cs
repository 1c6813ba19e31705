using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace OpenClaw.AppHost.Tests;

[Collection(StackFixture.Collection)]
public sealed class StopTests
{
    [Fact]
    public async Task Stop_RunningGraph_LeavesNoProcessAndNoOpenPort()
    {
        await using var stack = await Stack.StartAsync();
        await stack.WaitUntilHealthyAsync();
        Uri[] endpoints = [stack.App.GetEndpoint("edge", "http"), stack.App.GetEndpoint("rating-api", "http"),
            stack.App.GetEndpoint("redis", "management")];
        Assert.True(!OperatingSystem.IsLinux() || stack.Processes.Count >= 5,
            "Redis, the rating API and three replicas of the edge should be running.");

        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await stack.App.StopAsync(deadline.Token);

        while (OperatingSystem.IsLinux() && stack.Processes.Count > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), deadline.Token);
        }

        foreach (var endpoint in endpoints)
        {
            using var client = new TcpClient();
            await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(endpoint.Host, endpoint.Port, deadline.Token).AsTask());
        }
    }
}
