using System.Net;

namespace OpenClaw.Edge.Proxying;

/// <summary>A body that does not flush: the connection flushes once after all of it.</summary>
internal sealed class SingleSendContent : HttpContent
{
    private readonly HttpContent _inner;
    private readonly long _length;

    public SingleSendContent(HttpContent inner, long length)
    {
        _inner = inner;
        _length = length;
        foreach ((string name, System.Net.Http.Headers.HeaderStringValues values) in inner.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        _inner.CopyToAsync(new UnflushedStream(stream), context);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _inner.CopyToAsync(new UnflushedStream(stream), context, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }
}
