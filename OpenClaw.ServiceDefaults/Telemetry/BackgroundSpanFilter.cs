using System.Diagnostics;
using OpenTelemetry;

namespace OpenClaw.ServiceDefaults.Telemetry;

/// <summary>
/// Keeps what belongs to no request out of the exported traces, where every replica's heartbeats, looks for new rules and checks of its destinations
/// would hide the requests. A filter and not a sampler, since a sampler set here would overrule <c>OTEL_TRACES_SAMPLER</c>.
/// </summary>
internal sealed class BackgroundSpanFilter : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        Activity root = data;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        if (root.ParentSpanId == default && IsBackground(root))
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }

    // A lone Redis command, or YARP's round of active health checks, of which each request is a child.
    private static bool IsBackground(Activity root) =>
        root.OperationName == "proxy.cluster_health_checks" || root.Source.Name.Contains("StackExchange", StringComparison.Ordinal);
}
