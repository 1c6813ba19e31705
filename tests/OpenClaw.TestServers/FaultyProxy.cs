using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OpenClaw.TestServers;

/// <summary>A TCP proxy on loopback that delays, swallows or cuts what passes between a client and a server.</summary>
public sealed class FaultyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly int _target;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Socket, byte> _sockets = new();
    private readonly Task _accepting;

    private FaultyProxy(int target)
    {
        _target = target;
        _listener = new TcpListener(IPAddress.Loopback, LoopbackPort.Free());
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port on 127.0.0.1 to connect to.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How long each block of bytes is held on its way back to the client. Default zero; may change at any time.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>While true, replies are read and thrown away: requests still reach the server, the client hears nothing.</summary>
    public bool SwallowReplies { get; set; }

    /// <summary>While true, a new connection is closed as soon as it is made.</summary>
    public bool RefuseConnections { get; set; }

    /// <summary>Starts a proxy in front of a port on loopback.</summary>
    public static FaultyProxy Start(int targetPort) => new(targetPort);

    /// <summary>Resets every connection.</summary>
    public void Cut()
    {
        foreach (Socket socket in _sockets.Keys)
        {
            try
            {
                socket.LingerState = new LingerOption(true, 0);
                socket.Close();
            }
            catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
            {
                // It ended by itself meanwhile.
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Socket client = await _listener.AcceptSocketAsync(_stop.Token);
                _ = ServeAsync(client);
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            if (RefuseConnections)
            {
                return;
            }

            using Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            client.NoDelay = true;
            _sockets.TryAdd(client, 0);
            _sockets.TryAdd(server, 0);
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
                await Task.WhenAny(PumpAsync(client, server, isReply: false), PumpAsync(server, client, isReply: true));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The server is gone; the client sees its connection closed.
            }
            finally
            {
                _sockets.TryRemove(client, out _);
                _sockets.TryRemove(server, out _);
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool isReply)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is int count and > 0)
            {
                if (isReply && Delay > TimeSpan.Zero)
                {
                    await Task.Delay(Delay, _stop.Token);
                }

                if (!isReply || !SwallowReplies)
                {
                    await to.SendAsync(buffer.AsMemory(0, count), _stop.Token);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side is gone: the other is closed by the caller.
        }
    }
}
