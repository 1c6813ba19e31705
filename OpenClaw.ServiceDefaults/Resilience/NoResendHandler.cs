namespace OpenClaw.ServiceDefaults.Resilience;

/// <summary>Makes sure that a request with an unsafe method (RFC 9110, 9.2.1) is sent only once. <see cref="SocketsHttpHandler"/> sends a
/// request without a body up to four times when the connection ends before a response, whatever its method. A request with a body, even an
/// empty one, is sent once.</summary>
public sealed class NoResendHandler : DelegatingHandler
{
    /// <inheritdoc />
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.SendAsync(WithBody(request), cancellationToken);

    /// <inheritdoc />
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.Send(WithBody(request), cancellationToken);

    internal static bool IsSafe(HttpMethod? method) =>
        method == HttpMethod.Get || method == HttpMethod.Head || method == HttpMethod.Options || method == HttpMethod.Trace;

    private static HttpRequestMessage WithBody(HttpRequestMessage request)
    {
        // A CONNECT request has no body.
        if (request.Content is null && !IsSafe(request.Method) && request.Method != HttpMethod.Connect)
        {
            request.Content = new ByteArrayContent([]);
        }

        return request;
    }
}
