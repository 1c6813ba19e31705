using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Overload;

public sealed class DrainTests(SharedRedis redis)
{
    [Fact]
    public async Task Stop_WithRequestsInFlight_NotReadyAtOnceServesOnAndFinishes()
    {
        await using Stack stack = await Stack.StartAsync(
            redis, ("OpenClaw:Edge:Drain:Delay", "00:00:03"), ("OpenClaw:Edge:Drain:Timeout", "00:00:20"));
        TaskCompletionSource release = new();
        stack.Upstream.Handler = context => context.Request.Path == "/ratings/slow" ? release.Task : Task.CompletedTask;
        Task<HttpStatusCode> slow = stack.Edge.Client.StatusAsync("/ratings/slow");
        await Poll.UntilAsync("it is at the upstream", () => !stack.Upstream.Requests.IsEmpty, TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.OK, await stack.Edge.Management.StatusAsync("/health"));

        Uri address = stack.Edge.Address;
        Task stopping = stack.Edge.StopAsync();
        await Poll.UntilAsync("not ready", async () => await stack.Edge.Management.StatusAsync(
            "/health") == HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(2));
        using HttpResponseMessage meanwhile = await stack.Edge.Client.SendAsync();
        Assert.False(slow.IsCompleted);
        await Poll.UntilAsync(
            "Kestrel takes no more connections", async () => !await TakesConnectionsAsync(address), TimeSpan.FromSeconds(15));
        // Probes go on until the last request is served.
        HttpStatusCode alive = await stack.Edge.Management.StatusAsync("/alive");
        using HttpResponseMessage health = await stack.Edge.Management.GetAsync("/health");
        release.SetResult();

        Assert.Equal(HttpStatusCode.OK, meanwhile.StatusCode);
        Assert.Equal("close", meanwhile.Header("Connection"));
        Assert.Equal(HttpStatusCode.OK, alive);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        Assert.Equal("Unhealthy\nlifetime: The service is stopping.", await health.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, await slow);
        await stopping;
        await Assert.ThrowsAsync<HttpRequestException>(() => stack.Edge.Client.StatusAsync());
        await Assert.ThrowsAsync<HttpRequestException>(() => stack.Edge.Management.StatusAsync("/alive"));
    }

    [Fact]
    public async Task RollingRestart_UnderLoad_NoRequestIsLost()
    {
        await using TestUpstream upstream = await TestUpstream.StartAsync(context => Task.Delay(Random.Shared.Next(5, 300)));
        string connection = (await redis.GetAsync()).ConnectionString;
        EdgeProcess[] edges = await Task.WhenAll(
            EdgeProcess.StartAsync(connection, upstream.Address), EdgeProcess.StartAsync(connection, upstream.Address));
        using CancellationTokenSource stop = new();
        RoundRobin balancer = new(edges);
        Task watching = balancer.WatchAsync(stop.Token);
        try
        {
            Task<int>[] load = [.. Enumerable.Range(0, 12).Select(_ => balancer.SendUntilAsync(stop.Token))];
            for (int i = 0; i < edges.Length; i++)
            {
                EdgeProcess old = edges[i];
                Assert.Equal(0, await old.TerminateAsync());
                edges[i] = await EdgeProcess.StartAsync(connection, upstream.Address);
                balancer.Replace(i, edges[i]);
                await Poll.UntilAsync("the new one takes requests", () => balancer.IsReady(i), TimeSpan.FromSeconds(20));
                old.Dispose();
            }

            await stop.CancelAsync();
            int sent = (await Task.WhenAll(load)).Sum();
            await watching;

            Assert.Empty(balancer.Failures);
            Assert.True(sent > 100, $"{sent}");
            Assert.Equal(sent, upstream.Requests.Count);
        }
        finally
        {
            await stop.CancelAsync();
            foreach (EdgeProcess edge in edges)
            {
                edge.Dispose();
            }
        }
    }

    private static async Task<bool> TakesConnectionsAsync(Uri address)
    {
        using TcpClient connection = new();
        try
        {
            await connection.ConnectAsync(address.Host, address.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
