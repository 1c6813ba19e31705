namespace OpenClaw.ServiceDefaults.Resilience;

/// <summary>Has every request that is not safe (RFC 9110, 9.2.1) sent once. Left alone, <see cref="SocketsHttpHandler"/> sends a request
/// without a body up to four times when the connection ends before an answer, whatever the method; one with a body, even an empty one, it
/// sends once.</summary>
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
        // What follows a CONNECT is no body.
        if (request.Content is null && !IsSafe(request.Method) && request.Method != HttpMethod.Connect)
        {
            request.Content = new ByteArrayContent([]);
        }

        return request;
    }
}
