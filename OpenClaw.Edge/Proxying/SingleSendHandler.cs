namespace OpenClaw.Edge.Proxying;

/// <summary>Sends the head of a request and a small body in one write. YARP flushes the head before it copies the body, which suits a body that
/// arrives over minutes; for one of a few bytes it doubles the packets and wakes the upstream twice.</summary>
internal sealed class SingleSendHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    // SocketsHttpHandler's write buffer starts at 4 KiB and grows; whatever does not fit is written when it is full.
    private const long MaxBodyLength = 16 * 1024;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content && content.Headers.ContentLength is { } length and <= MaxBodyLength)
        {
            request.Content = new SingleSendContent(content, length);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
