using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;

namespace OpenClaw.Edge.Overload;

/// <summary>Configures Kestrel's own limits, which apply before a request reaches the middleware.</summary>
internal sealed class KestrelLimits(IOptions<EdgeOptions> options) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions kestrel)
    {
        OverloadOptions overload = options.Value.Overload;
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = overload.MaxRequestBodyBytes;
        kestrel.Limits.MaxRequestLineSize = HeaderLimitMiddleware.KestrelLineBytes(overload);
        kestrel.Limits.MaxRequestHeadersTotalSize = HeaderLimitMiddleware.KestrelBytes(overload);
        kestrel.Limits.MaxRequestHeaderCount = HeaderLimitMiddleware.KestrelFields(overload);
        kestrel.Limits.RequestHeadersTimeout = overload.RequestHeadersTimeout;
        kestrel.Limits.MaxConcurrentConnections = overload.MaxConnections;
        // A field above this limit ends the connection with all its requests. Up to twice the total size, Kestrel can answer 431.
        kestrel.Limits.Http2.MaxRequestHeaderFieldSize = 2 * kestrel.Limits.MaxRequestHeadersTotalSize;
        kestrel.Limits.Http3.MaxRequestHeaderFieldSize = 2 * kestrel.Limits.MaxRequestHeadersTotalSize;

        // Before TLS. One count for all endpoints, so that an address does not get its limit on each. HTTP/3 connections have a separate
        // pipeline.
        kestrel.ConfigureEndpointDefaults(endpoint =>
        {
            // Resolved only here: Kestrel is configured before metrics are listened to, and their listeners would miss the initial zero.
            ConnectionMiddleware connections = endpoint.ApplicationServices.GetRequiredService<ConnectionMiddleware>();
            endpoint.Use(next => connection => connections.InvokeAsync(connection, () => next(connection)));
            ((IMultiplexedConnectionBuilder)endpoint).Use(
                next => connection => connections.InvokeAsync(connection, () => next(connection)));
        });
    }
}
