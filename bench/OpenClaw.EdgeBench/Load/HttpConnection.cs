using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OpenClaw.EdgeBench.Load;

/// <summary>A connection that sends one request at a time and reads no more of its answer than the status and where it ends. Allocates
/// nothing per request.</summary>
internal sealed class HttpConnection : IDisposable
{
    private readonly byte[] _buffer = new byte[32 * 1024];
    private readonly IPEndPoint _server;
    private Socket _socket;
    private int _length;

    public HttpConnection(Uri url)
    {
        _server = new IPEndPoint(IPAddress.Parse(url.Host), url.Port);
        _socket = Connect();
    }

    /// <summary>The socket, for <c>poll</c>.</summary>
    public int Descriptor => (int)_socket.Handle;

    /// <summary>When the request under way was due, as a timestamp of the generator.</summary>
    public long DueAt { get; set; }

    /// <summary>Replaces a broken connection.</summary>
    public void Reconnect()
    {
        _socket.Dispose();
        _socket = Connect();
        _length = 0;
    }

    /// <returns>False when the connection is broken.</returns>
    public bool TrySend(ReadOnlySpan<byte> request)
        => _socket.Send(request, SocketFlags.None, out SocketError error) == request.Length && error == SocketError.Success;

    /// <summary>Reads what has arrived.</summary>
    /// <returns>The status once the answer is complete, 0 before, -1 when the connection is broken.</returns>
    public int Read()
    {
        int read = _socket.Receive(_buffer.AsSpan(_length), SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
        {
            return 0;
        }

        if (error != SocketError.Success || read == 0)
        {
            return -1;
        }

        _length += read;
        int status = CompleteStatus(_buffer.AsSpan(0, _length));
        if (status > 0)
        {
            _length = 0;
        }

        return status == 0 && _length == _buffer.Length ? -1 : status;
    }

    public void Dispose() => _socket.Dispose();

    private static int CompleteStatus(ReadOnlySpan<byte> answer)
    {
        int headEnd = answer.IndexOf("\r\n\r\n"u8);
        if (headEnd < 0 || !Utf8Parser.TryParse(answer["HTTP/1.1 ".Length..], out int status, out _))
        {
            return 0;
        }

        ReadOnlySpan<byte> head = answer[..headEnd], body = answer[(headEnd + 4)..];
        long expected = 0;
        while (head.IndexOf("\r\n"u8) is >= 0 and var lineEnd)
        {
            head = head[(lineEnd + 2)..];
            if (StartsWith(head, "Content-Length: "u8))
            {
                Utf8Parser.TryParse(head["Content-Length: ".Length..], out expected, out _);
            }
            else if (StartsWith(head, "Transfer-Encoding: chunked"u8))
            {
                return body.EndsWith("0\r\n\r\n"u8) ? status : 0;
            }
        }

        return body.Length >= expected ? status : 0;
    }

    private static bool StartsWith(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name)
        => line.Length >= name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name);

    private Socket Connect()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(_server);
        socket.Blocking = false;
        return socket;
    }
}
