using System.Diagnostics;
using OpenTelemetry;

namespace OpenClaw.ServiceDefaults.Telemetry;

/// <summary>
/// Keeps Redis commands that belong to no request (heartbeats, looks for new rules) out of the exported traces, where one a second from
/// every replica would hide the requests. A filter and not a sampler, since a sampler set here would overrule <c>OTEL_TRACES_SAMPLER</c>.
/// </summary>
internal sealed class LoneRedisSpanFilter : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.ParentSpanId == default && data.Source.Name.Contains("StackExchange", StringComparison.Ordinal))
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
