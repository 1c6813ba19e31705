using System.Net;
using System.Net.Sockets;
using System.Text;
using OpenClaw.Soak.Tests.Edges;

namespace OpenClaw.Soak.Tests.Traffic;

/// <summary>Clients who leave: in the middle of the head, of the body, before the answer, during the answer.</summary>
internal sealed class LeavingClients(IReadOnlyList<EdgeNode> edges, int seed)
{
    private int _round;

    public Task RunAsync(Answers answers, CancellationToken stop)
    {
        int round = _round++;
        return Task.WhenAll(Enumerable.Range(0, 2).Select(worker => Task.Run(async () =>
        {
            Random random = new(seed + (1000 * round) + 500 + worker);
            while (!stop.IsCancellationRequested)
            {
                await LeaveAsync(edges[random.Next(edges.Count)], random);
                answers.Add("left", 0);
                await HttpTraffic.PauseAsync(random.Next(50, 150), stop);
            }
        })));
    }

    private static async Task LeaveAsync(EdgeNode edge, Random random)
    {
        int kind = random.Next(4), stay = random.Next(150);
        string path = kind switch { 2 => "/left/2?slow", 3 => "/left/3?long", _ => $"/left/{kind}" };
        string head = $"{(kind == 1 ? "POST" : "GET")} {path} HTTP/1.1\r\nHost: edge\r\nX-Forwarded-For: {SoakPolicy.Left.Address}\r\n";
        string sent = kind switch
        {
            0 => head,
            1 => $"{head}Content-Length: 1000\r\n\r\nnot all of it",
            _ => $"{head}\r\n",
        };
        try
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            // Half of them reset the connection, half close it as is proper.
            socket.LingerState = new LingerOption(random.Next(2) == 0, 0);
            await socket.ConnectAsync(IPAddress.Loopback, edge.Port);
            await socket.SendAsync(Encoding.ASCII.GetBytes(sent));
            if (kind == 3)
            {
                using CancellationTokenSource limit = new(TimeSpan.FromSeconds(2));
                await socket.ReceiveAsync(new byte[512], limit.Token);
            }

            await Task.Delay(stay);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // The edge closed first.
        }
    }
}
