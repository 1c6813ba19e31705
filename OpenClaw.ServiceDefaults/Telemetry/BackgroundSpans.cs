using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace OpenClaw.ServiceDefaults.Telemetry;

/// <summary> Keeps spans without a request out of the exported traces: heartbeats, polling for rules and health checks of destinations
/// would hide the requests. It is a processor and not only a sampler, so that it also applies with <c>OTEL_TRACES_SAMPLER</c>. </summary>
internal sealed class BackgroundSpans : BaseProcessor<Activity>
{
    private const string HealthChecks = "proxy.cluster_health_checks";

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

    /// <summary>Whether a span without a parent is background work, judged by its data before it starts.</summary>
    public static bool IsRoot(in SamplingParameters span)
    {
        if (span.Name == HealthChecks)
        {
            return true;
        }

        if (span.Kind == ActivityKind.Client && span.Tags is { } tags)
        {
            foreach ((string name, _) in tags)
            {
                if (name is "db.system" or "db.system.name")
                {
                    return true;
                }
            }
        }

        return false;
    }

    // A Redis command without a parent, or YARP's round of active health checks, the parent of their requests.
    private static bool IsBackground(Activity root) =>
        root.OperationName == HealthChecks || root.Source.Name.Contains("StackExchange", StringComparison.Ordinal);
}
