using System.Net;
using System.Net.Sockets;

namespace OpenClaw.Edge.Tests.Hosting;

/// <summary>A port that silently drops connection attempts, as a host behind a broken network does: its backlog is full, and no connection
/// is accepted.</summary>
internal sealed class BlackHole : IDisposable
{
    private readonly List<Socket> _sockets = [];

    public string Address { get; private set; } = "";

    public static async Task<BlackHole> OpenAsync()
    {
        BlackHole hole = new();
        Socket listener = hole.New();
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        hole.Address = $"http://{listener.LocalEndPoint}";
        while (true)
        {
            using CancellationTokenSource patience = new(TimeSpan.FromSeconds(1));
            try
            {
                await hole.New().ConnectAsync(listener.LocalEndPoint!, patience.Token);
            }
            catch (OperationCanceledException)
            {
                return hole;
            }
        }
    }

    public void Dispose()
    {
        foreach (Socket socket in _sockets)
        {
            socket.Dispose();
        }
    }

    private Socket New()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(socket);
        return socket;
    }
}
