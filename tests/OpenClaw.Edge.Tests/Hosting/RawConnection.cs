using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OpenClaw.Edge.Tests.Hosting;

/// <summary>A connection from a chosen loopback address that sends nothing by itself.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static async Task<RawConnection> OpenAsync(Uri server, string from)
    {
        RawConnection connection = new();
        try
        {
            connection._socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            await connection._socket.ConnectAsync(server.Host, server.Port);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection without sending anything.</summary>
    /// <returns>Whether the server closes it, and sends nothing either.</returns>
    /// <exception cref="OperationCanceledException">It is still open after a long time.</exception>
    public static async Task<bool> IsClosedAsync(Uri server, string from)
    {
        try
        {
            using RawConnection connection = await OpenAsync(server, from);
            return await connection.ReceiveAsync() == "";
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            // The server may close it before the connect completes.
            return true;
        }
    }

    /// <summary>Sends a request that no route takes, for its head only, whose end is easily seen, and leaves the connection open.</summary>
    /// <returns>Whether it was answered with 404.</returns>
    public async Task<bool> IsAnsweredAsync()
    {
        try
        {
            await _socket.SendAsync("HEAD /nothing HTTP/1.1\r\nHost: edge\r\n\r\n"u8.ToArray());
            string answer = "";
            for (string part = await ReceiveAsync(); part.Length > 0; part = await ReceiveAsync())
            {
                answer += part;
                if (answer.EndsWith("\r\n\r\n", StringComparison.Ordinal))
                {
                    return answer.StartsWith("HTTP/1.1 404", StringComparison.Ordinal);
                }
            }

            return false;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<string> ReceiveAsync()
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(20));
        byte[] buffer = new byte[4096];
        return Encoding.Latin1.GetString(buffer, 0, await _socket.ReceiveAsync(buffer, deadline.Token));
    }
}
