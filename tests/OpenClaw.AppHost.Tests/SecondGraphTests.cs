using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace OpenClaw.AppHost.Tests;

/// <summary>A second graph beside the first, with settings of its own, from start to end. Each start takes half a minute, so it is one
/// test.</summary>
[Collection(StackFixture.Collection)]
public sealed class SecondGraphTests
{
    private const string Key = "a-key-that-somebody-set-for-the-whole-apphost";

    [Fact]
    public async Task SecondGraph_KeyAndPortSet_HasThemOnEveryReplicaAndLeavesNothingBehind()
    {
        await using var stack = await Stack.StartAsync($"--OpenClaw:Edge:Admin:Key={Key}", "--OpenClaw:Edge:Admin:Port=9099");
        await stack.WaitUntilHealthyAsync();
        await stack.WaitForReplicasAsync();
        await EveryReplicaHasTheKeyAsync(stack);
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

    private static async Task EveryReplicaHasTheKeyAsync(Stack stack)
    {
        using var admin = await stack.ConnectToAdminAsync();
        Assert.Equal($"Bearer {Key}", $"{admin.DefaultRequestHeaders.Authorization}");
        for (var i = 0; i < 6; i++)
        {
            // One connection per request, so that every replica answers one.
            using var client = new HttpClient
            {
                BaseAddress = admin.BaseAddress,
                DefaultRequestHeaders = { Authorization = admin.DefaultRequestHeaders.Authorization }
            };
            using var answer = await client.GetAsync("/policies");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }
}
