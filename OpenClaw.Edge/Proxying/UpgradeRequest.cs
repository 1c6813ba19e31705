using Microsoft.AspNetCore.Http.Features;

namespace OpenClaw.Edge.Proxying;

/// <summary>Recognises upgrade requests by YARP's rule: over HTTP/1.1 an upgrade to WebSocket or SPDY, over HTTP/2 and 3 an extended
/// CONNECT for a WebSocket (RFC 8441). YARP drops any other <c>Upgrade</c>, such as h2c, and forwards the request without it.</summary>
internal static class UpgradeRequest
{
    private const string WebSocket = "websocket";

    public static bool Is(HttpContext context) => IsHttp11(context) || IsExtendedConnect(context);

    public static bool IsHttp11(HttpContext context) =>
        context.Request.Headers.Upgrade.Count > 0
        && context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
        && context.Request.Headers.Upgrade.ToString() is { } protocol
        && (protocol.Equals(WebSocket, StringComparison.OrdinalIgnoreCase)
            || protocol.StartsWith("SPDY/", StringComparison.OrdinalIgnoreCase));

    public static bool IsExtendedConnect(HttpContext context) =>
        HttpMethods.IsConnect(context.Request.Method)
        && context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect
        && string.Equals(connect.Protocol, WebSocket, StringComparison.OrdinalIgnoreCase);
}
