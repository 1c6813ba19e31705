using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace OpenClaw.Edge.Tests.Hosting;

/// <summary>Sends raw bytes over a socket, for requests that no client library sends.</summary>
internal static class RawHttp
{
    /// <summary>Sends a request line and headers (without <c>Host</c> and <c>Connection</c>, which are added) and returns the status code;
    /// 0 when the server closed the connection without one.</summary>
    public static Task<int> StatusAsync(Uri server, string requestLine, params string[] headers) => SendAsync(
        server, Encoding.Latin1.GetBytes($"{requestLine}\r\nHost: {server.Authority}\r\nConnection: "
            + $"close\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n"));

    /// <summary>Sends raw bytes and returns the status code of the first response.</summary>
    public static async Task<int> SendAsync(Uri server, byte[] bytes)
    {
        string answer = await ExchangeAsync(server, bytes);
        return answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>Sends raw bytes and returns everything received until the server closes the connection.</summary>
    /// <remarks>The sending side stays open: Kestrel takes its end for the end of the client, gives the request up and answers
    /// nothing.</remarks>
    public static async Task<string> ExchangeAsync(Uri server, byte[] bytes)
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(20));
        using TcpClient client = new();
        await client.ConnectAsync(server.Host, server.Port, deadline.Token);
        NetworkStream stream = client.GetStream();
        MemoryStream received = new();
        Task reading = stream.CopyToAsync(received, deadline.Token);
        try
        {
            await stream.WriteAsync(bytes, deadline.Token);
            await reading;
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // The server closed the connection early.
        }

        try
        {
            await reading;
        }
        catch (IOException)
        {
        }

        return Encoding.Latin1.GetString(received.ToArray());
    }
}
