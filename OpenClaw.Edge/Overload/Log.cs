using OpenClaw.Edge.Networks;

namespace OpenClaw.Edge.Overload;

internal static partial class Log
{
    [LoggerMessage(400, LogLevel.Warning,
        "A connection of {Address} is closed: it has {Limit} open, which is the limit (OpenClaw:Edge:Overload:MaxConnectionsPerAddress).")]
    public static partial void ConnectionClosed(ILogger logger, ClientAddress address, long limit);

    [LoggerMessage(401, LogLevel.Warning,
        "Further connections closed because their address has too many: {Count}, the last one of {Address}.")]
    public static partial void MoreConnectionsClosed(ILogger logger, int count, ClientAddress address);
}
