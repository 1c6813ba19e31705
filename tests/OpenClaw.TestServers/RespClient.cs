using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OpenClaw.TestServers;

/// <summary>A minimal connection for controlling a server without the client library under test.</summary>
internal sealed class RespClient : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly TcpClient _client = new();
    private Stream _stream = Stream.Null;

    private RespClient()
    {
    }

    public static async Task<RespClient> ConnectAsync(int port, string? password)
    {
        RespClient client = new();
        try
        {
            await client._client.ConnectAsync(IPAddress.Loopback, port).WaitAsync(Limit);
            client._stream = new BufferedStream(client._client.GetStream());
            if (password is not null)
            {
                await client.ExecuteAsync("AUTH", password);
            }

            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs one command and returns the reply as text.</summary>
    public async Task<string> ExecuteAsync(params IReadOnlyList<string> command)
    {
        using CancellationTokenSource limit = new(Limit);
        await SendAsync(_stream, command, limit.Token);
        return await ReadAsync(_stream, limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _client.Dispose();
    }

    private static async Task SendAsync(Stream stream, IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        StringBuilder request = new($"*{command.Count}\r\n");
        foreach (string part in command)
        {
            request.Append($"${Encoding.UTF8.GetByteCount(part)}\r\n{part}\r\n");
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(request.ToString()), cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    /// <summary>The reply as text; the items of an array on one line each.</summary>
    private static async Task<string> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        string line = await ReadLineAsync(stream, cancellationToken);
        switch (line[0])
        {
            case '-':
                throw new RespException(line[1..]);
            case '$' when line != "$-1":
                byte[] text = new byte[int.Parse(line.AsSpan(1)) + 2];
                await stream.ReadExactlyAsync(text, cancellationToken);
                return Encoding.UTF8.GetString(text, 0, text.Length - 2);
            case '*' when line != "*-1":
                List<string> items = [];
                for (int i = int.Parse(line.AsSpan(1)); i > 0; i--)
                {
                    items.Add(await ReadAsync(stream, cancellationToken));
                }

                return string.Join('\n', items);
            case '$' or '*':
                return "";
            default:
                return line[1..];
        }
    }

    private static async Task<string> ReadLineAsync(Stream stream, CancellationToken cancellationToken)
    {
        List<byte> line = [];
        byte[] next = new byte[1];
        while (true)
        {
            await stream.ReadExactlyAsync(next, cancellationToken);
            if (next[0] == '\n')
            {
                return Encoding.UTF8.GetString([.. line]);
            }

            if (next[0] != '\r')
            {
                line.Add(next[0]);
            }
        }
    }
}
