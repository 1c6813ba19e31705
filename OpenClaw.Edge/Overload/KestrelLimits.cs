using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Settings;

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
        kestrel.Limits.MaxRequestHeadersTotalSize = overload.MaxRequestHeadersBytes;
        kestrel.Limits.MaxRequestHeaderCount = overload.MaxRequestHeaders;
        kestrel.Limits.RequestHeadersTimeout = overload.RequestHeadersTimeout;
        kestrel.Limits.MaxConcurrentConnections = overload.MaxConnections;
        kestrel.Limits.Http2.MaxRequestHeaderFieldSize = overload.MaxRequestHeadersBytes;
    }
}
