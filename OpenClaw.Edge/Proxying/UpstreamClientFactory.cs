using System.Text;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using OpenClaw.ServiceDefaults.Resilience;
using Yarp.ReverseProxy.Forwarder;

namespace OpenClaw.Edge.Proxying;

/// <summary>YARP's client with a bound on connecting, so that an upstream that does not answer is a quick 504 and not a hang; with small requests sent in one
/// piece, and what is not safe to repeat sent once. Header values go out as Kestrel read them, in UTF-8; the client alone would refuse what is not
/// ASCII.</summary>
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

    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler) =>
        new UpstreamCostHandler(
            new SingleSendHandler(new NoResendHandler { InnerHandler = handler }), options.Value.Upstream.CostTimeout, time);
}
