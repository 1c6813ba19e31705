using OpenClaw.Edge.Networks;

namespace OpenClaw.Edge.Overload;

internal static partial class Log
{
    [LoggerMessage(400, LogLevel.Warning,
        "Connections of {Address} are closed: it has {Limit} open, which is the limit (OpenClaw:Edge:Overload:MaxConnectionsPerAddress). "
        + "Logged for one address, at most once a minute.")]
    public static partial void ConnectionsClosed(ILogger logger, ClientAddress address, long limit);
}
