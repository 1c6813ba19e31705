using System.Net;
using Microsoft.Extensions.Options;
using OpenClaw.Notifier.Options;

namespace OpenClaw.Notifier.Webhooks;

/// <summary>The HTTP client of webhooks: no redirects, no cookies, no proxy, bounded responses, and only allowed addresses.</summary>
internal sealed class WebhookClient : IDisposable
{
    private const int MaxAnswerBytes = 64 * 1024;
    private const int MaxHeadersKilobytes = 16;

    private readonly UnexportedMeters _meters = new();
    private readonly HttpMessageInvoker _client;

    public WebhookClient(IOptions<NotifierOptions> options)
    {
        AllowedAddresses allowed = new(options.Value.Webhooks.AllowedNetworks.Select(network => NetworkText.Parse(network)!.Value));
        WebhookConnection connection = new(allowed, Dns.GetHostAddressesAsync);
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectCallback = connection.ConnectAsync,
            ConnectTimeout = options.Value.Webhooks.Timeout,
            MaxResponseHeadersLength = MaxHeadersKilobytes,
            MaxResponseDrainSize = MaxAnswerBytes,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            ActivityHeadersPropagator = null,
            MeterFactory = _meters,
        });
    }

    /// <summary>Sends a request and returns as soon as the response headers have arrived. The body is not read.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _client.SendAsync(request, cancellationToken);

    public void Dispose()
    {
        _client.Dispose();
        _meters.Dispose();
    }
}
