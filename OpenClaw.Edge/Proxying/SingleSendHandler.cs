namespace OpenClaw.Edge.Proxying;

/// <summary>Sends the headers of a request and a small body in one write. YARP flushes the headers before it copies the body. That suits
/// bodies that arrive slowly, but doubles the packets of small ones and wakes the upstream twice.</summary>
internal sealed class SingleSendHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    // SocketsHttpHandler's write buffer starts at 4 KiB and grows; a full buffer is written at once.
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
