using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Telemetry;

namespace OpenClaw.Edge.Overload;

/// <summary>Logs connections closed because their address has too many.</summary>
/// <param name="limit">Limit of open connections per address.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class ClosedConnectionLog(long limit, TimeProvider time, ILogger logger) : ThrottledLog<ClientAddress>(Interval, time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override void LogFirst(ClientAddress subject) => Log.ConnectionClosed(logger, subject, limit);

    protected override void LogFurther(int count, ClientAddress last) => Log.MoreConnectionsClosed(logger, count, last);
}
