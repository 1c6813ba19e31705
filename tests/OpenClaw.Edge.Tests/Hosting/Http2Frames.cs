using System.Net.Sockets;
using System.Text;

namespace OpenClaw.Edge.Tests.Hosting;

/// <summary>One request over HTTP/2 without TLS, whose header fields are sent as they are given: a client library joins cookies and
/// values.</summary>
internal static class Http2Frames
{
    private const byte Headers = 1, Reset = 3, GoAway = 7, Continuation = 9;
    private const byte EndStream = 1, EndHeaders = 4;
    private const int MaxPayload = 16_384;

    /// <summary>Sends a GET and returns its status; 0 when the stream or the connection ends without one.</summary>
    public static async Task<int> StatusAsync(Uri server, string path, params (string Name, string Value)[] headers)
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(20));
        using TcpClient client = new();
        await client.ConnectAsync(server.Host, server.Port, deadline.Token);
        NetworkStream stream = client.GetStream();
        MemoryStream sent = new();
        sent.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        WriteFrame(sent, type: 4, flags: 0, streamId: 0, []);
        byte[] block = Encode([(":method", "GET"), (":scheme", "http"), (":authority", server.Authority), (":path", path), .. headers]);
        for (int start = 0; start < block.Length; start += MaxPayload)
        {
            byte last = start + MaxPayload >= block.Length ? EndHeaders : (byte)0;
            byte[] part = block[start..Math.Min(start + MaxPayload, block.Length)];
            WriteFrame(sent, start == 0 ? Headers : Continuation, (byte)(last | (start == 0 ? EndStream : 0)), 1, part);
        }

        await stream.WriteAsync(sent.ToArray(), deadline.Token);
        byte[] head = new byte[9];
        while (await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, deadline.Token) == head.Length)
        {
            byte[] payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
            await stream.ReadExactlyAsync(payload, deadline.Token);
            switch (head[3])
            {
                case Headers:
                    return StatusOf(payload);
                case Reset or GoAway:
                    return 0;
            }
        }

        return 0;
    }

    private static void WriteFrame(MemoryStream target, byte type, byte flags, byte streamId, byte[] payload)
    {
        target.Write([(byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, 0, 0, 0, streamId]);
        target.Write(payload);
    }

    /// <summary>Literal fields without indexing, names and values without Huffman coding (RFC 7541, 6.2.2).</summary>
    private static byte[] Encode((string Name, string Value)[] fields)
    {
        MemoryStream block = new();
        foreach ((string name, string value) in fields)
        {
            block.WriteByte(0);
            WriteText(block, name.ToLowerInvariant());
            WriteText(block, value);
        }

        return block.ToArray();
    }

    private static void WriteText(MemoryStream block, string text)
    {
        int rest = text.Length - 127;
        block.WriteByte((byte)Math.Min(text.Length, 127));
        if (rest >= 0)
        {
            for (; rest >= 128; rest >>= 7)
            {
                block.WriteByte((byte)(rest & 127 | 128));
            }

            block.WriteByte((byte)rest);
        }

        block.Write(Encoding.ASCII.GetBytes(text));
    }

    /// <summary>The status, which Kestrel writes first: indexed where the static table has it, else as a literal with an indexed
    /// name.</summary>
    private static int StatusOf(byte[] block) => block[0] switch
    {
        0x88 => 200,
        0x89 => 204,
        0x8c => 400,
        0x8d => 404,
        0x8e => 500,
        _ => int.Parse(Encoding.ASCII.GetString(block, 2, 3), System.Globalization.CultureInfo.InvariantCulture),
    };
}
