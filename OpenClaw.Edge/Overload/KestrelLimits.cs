using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;

namespace OpenClaw.Edge.Overload;

/// <summary>Bounds that Kestrel keeps before there is a request to speak of.</summary>
internal sealed class KestrelLimits(IOptions<EdgeOptions> options) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions kestrel)
    {
        OverloadOptions overload = options.Value.Overload;
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = overload.MaxRequestBodyBytes;
        kestrel.Limits.MaxRequestLineSize = overload.MaxRequestLineBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = HeaderLimitMiddleware.KestrelBytes(overload);
        kestrel.Limits.MaxRequestHeaderCount = HeaderLimitMiddleware.KestrelFields(overload);
        kestrel.Limits.RequestHeadersTimeout = overload.RequestHeadersTimeout;
        kestrel.Limits.MaxConcurrentConnections = overload.MaxConnections;
        kestrel.Limits.Http2.MaxRequestHeaderFieldSize = overload.MaxRequestHeadersBytes;

        // First of all, TLS included. One count for all endpoints, so that no address has a share of each; HTTP/3 has connections of its own kind.
        kestrel.ConfigureEndpointDefaults(endpoint =>
        {
            // Not sooner: Kestrel is configured before anybody listens to metrics, and would have them miss that the counters begin at zero.
            ConnectionMiddleware connections = endpoint.ApplicationServices.GetRequiredService<ConnectionMiddleware>();
            endpoint.Use(next => connection => connections.InvokeAsync(connection, () => next(connection)));
            ((IMultiplexedConnectionBuilder)endpoint).Use(next => connection => connections.InvokeAsync(connection, () => next(connection)));
        });
    }
}
