using System.Collections.Concurrent;
using System.Net.Sockets;

namespace OpenClaw.Kubernetes.Tests.Podman;

/// <summary>Roll-outs under load, with containers in the place of pods.</summary>
[Collection(nameof(PodmanStack))]
public sealed class RollOutTests(PodmanStack stack)
{
    /// <summary>A roll-out: the new edge is ready before the old one is withdrawn, and stops as the kubelet stops it.</summary>
    [Fact]
    public async Task Edge_ReplacedUnderLoad_FailsNoRequest()
    {
        await stack.RequireAsync();
        (string old, Uri oldAddress) = await stack.StartAnotherEdgeAsync("0.9.0");
        try
        {
            // The Service: a connection goes to any endpoint, and stays there.
            Uri[] endpoints = [oldAddress];
            using SocketsHttpHandler handler = new()
            {
                ConnectCallback = async (_, cancellation) =>
                {
                    Uri endpoint = Random.Shared.GetItems(Volatile.Read(ref endpoints), 1)[0];
                    Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                    await socket.ConnectAsync(endpoint.Host, endpoint.Port, cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            };
            using HttpClient client = new(handler) { BaseAddress = new Uri("http://edge"), Timeout = TimeSpan.FromSeconds(10) };
            using CancellationTokenSource end = new();
            ConcurrentQueue<string> failures = [];
            int answers = 0;
            Task[] load = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            {
                while (!end.IsCancellationRequested)
                {
                    try
                    {
                        using HttpResponseMessage answer = await client.GetAsync("/ratings/nobody");
                        if ((int)answer.StatusCode >= 500)
                        {
                            failures.Enqueue($"{answer.StatusCode}");
                        }

                        Interlocked.Increment(ref answers);
                    }
                    catch (Exception exception)
                    {
                        failures.Enqueue(exception.ToString());
                    }

                    await Task.Delay(5);
                }
            }))];
            await Task.Delay(TimeSpan.FromSeconds(1));
            Volatile.Write(ref endpoints, [oldAddress, stack.Edge]);
            await Task.Delay(TimeSpan.FromSeconds(1));
            Volatile.Write(ref endpoints, [stack.Edge]);
            // The kubelet's preStop, and then SIGTERM.
            await Task.Delay(TimeSpan.FromSeconds(5));
            int before = Volatile.Read(ref answers);
            (await PodmanStack.PodmanAsync("pod", "stop", "--time", "45", old)).Successful();
            int during = Volatile.Read(ref answers) - before;
            string exitCode =
                (await PodmanStack.PodmanAsync("inspect", $"{old}-edge", "--format", "{{.State.ExitCode}}")).Successful().Trim();
            await end.CancelAsync();
            await Task.WhenAll(load);
            Assert.Equal("0", exitCode);
            Assert.True(during > 100, $"{during} answers while it stopped.");
            Assert.Empty(failures);
        }
        finally
        {
            await PodmanStack.PodmanAsync("pod", "rm", "--force", "--time", "1", old);
        }
    }
}
