using System.Net;
using System.Text;
using OpenClaw.Edge.Proxying;

namespace OpenClaw.Edge.Tests.Proxying;

public sealed class SingleSendHandlerTests
{
    [Fact]
    public async Task SendAsync_SmallBody_HeadAndBodyLeaveInOneWrite()
    {
        RecordingConnection connection = new();

        HttpStatusCode status = await SendAsync(connection, new FlushedContent("{\"score\":4}", announcesLength: true));

        Assert.Equal(HttpStatusCode.OK, status);
        string sent = Assert.Single(connection.Writes);
        Assert.StartsWith("POST /rating HTTP/1.1\r\n", sent, StringComparison.Ordinal);
        Assert.Contains("Content-Length: 11\r\n", sent, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/json\r\n", sent, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n{\"score\":4}", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendAsync_BodyOfUnknownLength_HeadLeavesFirst()
    {
        RecordingConnection connection = new();

        await SendAsync(connection, new FlushedContent("{\"score\":4}", announcesLength: false));

        Assert.EndsWith("\r\n\r\n", connection.Writes[0], StringComparison.Ordinal);
        Assert.True(connection.Writes.Count > 1, "The head waited for a body that may take minutes.");
    }

    [Fact]
    public async Task SendAsync_LargeBody_HeadLeavesFirst()
    {
        RecordingConnection connection = new();

        await SendAsync(connection, new FlushedContent(new string('x', 100_000), announcesLength: true));

        Assert.EndsWith("\r\n\r\n", connection.Writes[0], StringComparison.Ordinal);
        Assert.Equal(100_000, string.Concat(connection.Writes).Count(character => character == 'x'));
    }

    private static async Task<HttpStatusCode> SendAsync(RecordingConnection connection, HttpContent content)
    {
        SocketsHttpHandler sockets = new() { ConnectCallback = (_, _) => new ValueTask<Stream>(connection) };
        using HttpMessageInvoker client = new(new SingleSendHandler(sockets));
        using HttpRequestMessage request = new(HttpMethod.Post, "http://upstream/rating") { Content = content };
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(30));
        using HttpResponseMessage response = await client.SendAsync(request, deadline.Token);
        return response.StatusCode;
    }

    /// <summary>Flushes before it writes, as YARP's content does.</summary>
    private sealed class FlushedContent : HttpContent
    {
        private readonly byte[] _body;

        public FlushedContent(string body, bool announcesLength)
        {
            _body = Encoding.ASCII.GetBytes(body);
            Headers.ContentType = new("application/json");
            if (announcesLength)
            {
                Headers.ContentLength = _body.Length;
            }
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync();
            await stream.WriteAsync(_body);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = -1;
            return false;
        }
    }

    /// <summary>A connection to an upstream that answers 200 to anything.</summary>
    private sealed class RecordingConnection : Stream
    {
        private readonly MemoryStream _answer = new("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());

        public List<string> Writes { get; } = [];

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => _answer.Read(buffer, offset, count);

        public override void Write(byte[] buffer, int offset, int count) => Writes.Add(Encoding.ASCII.GetString(buffer, offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(_answer.Read(buffer.Span));

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Writes.Add(Encoding.ASCII.GetString(buffer.Span));
            return ValueTask.CompletedTask;
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
