using System.Net;
using OpenClaw.Edge.Telemetry;

namespace OpenClaw.Edge.Admin;

/// <summary>Logs requests without the admin key.</summary>
internal sealed class UnauthorizedLog(ILogger<AdminAuthentication> logger, TimeProvider time) : ThrottledLog<IPAddress?>(Interval, time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override void LogFirst(IPAddress? subject) => Log.Unauthorized(logger, subject);

    protected override void LogFurther(int count, IPAddress? last) => Log.MoreUnauthorized(logger, count, last);
}
