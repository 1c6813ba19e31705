using System.Net;

namespace OpenClaw.Edge.Tests.Hosting;

/// <summary>A body that takes minutes, just above Kestrel's minimum data rate.</summary>
internal sealed class SlowContent : HttpContent
{
    private const int Length = 1024 * 1024;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        byte[] piece = new byte[256];
        for (int sent = 0; sent < Length; sent += piece.Length)
        {
            await stream.WriteAsync(piece, cancellationToken);
            await stream.FlushAsync(cancellationToken);
            await Task.Delay(100, cancellationToken);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = Length;
        return true;
    }
}
