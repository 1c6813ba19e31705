using System.Text;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using OpenClaw.ServiceDefaults.Resilience;
using Yarp.ReverseProxy.Forwarder;

namespace OpenClaw.Edge.Proxying;

/// <summary>Creates YARP's HTTP client with a connect timeout, so that an unreachable upstream gives a quick 504. Sends small requests in
/// one write, and unsafe ones only once. Header values are sent as UTF-8, as Kestrel read them; by default the client refuses characters
/// outside ASCII.</summary>
internal sealed class UpstreamClientFactory(IOptions<EdgeOptions> options, TimeProvider time, ILogger<ForwarderHttpClientFactory> logger)
    : ForwarderHttpClientFactory(logger)
{
    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        handler.ConnectTimeout = options.Value.Upstream.ConnectTimeout;
        handler.PooledConnectionLifetime = options.Value.Upstream.ConnectionLifetime;
        handler.RequestHeaderEncodingSelector ??= static (_, _) => Encoding.UTF8;
    }

    /// <summary>Wraps the sending handler in the edge's own handlers.</summary>
    public static HttpMessageHandler Wrap(HttpMessageHandler handler, UpstreamOptions upstream, TimeProvider time) =>
        new UpstreamCostHandler(new SingleSendHandler(new NoResendHandler { InnerHandler = handler }), upstream.CostTimeout, time);

    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler) =>
        Wrap(handler, options.Value.Upstream, time);
}
