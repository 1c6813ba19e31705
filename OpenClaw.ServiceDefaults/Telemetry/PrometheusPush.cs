using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace OpenClaw.ServiceDefaults.Telemetry;

/// <summary>Pushes metrics to a Prometheus server's OTLP receiver. The server may start and stop at any time: a failed push is dropped,
/// and the next one carries the totals. Always reports success; otherwise <see cref="LastExport"/> would treat the OTLP collector as
/// unavailable.</summary>
internal sealed class PrometheusPush(Uri endpoint) : OtlpMetricExporter(
    new OtlpExporterOptions { Endpoint = endpoint, Protocol = OtlpExportProtocol.HttpProtobuf, TimeoutMilliseconds = TimeoutMilliseconds })
{
    private const int IntervalMilliseconds = 5_000;
    private const int TimeoutMilliseconds = 1_000;

    /// <summary>Creates the reader directly, because <c>UseOtlpExporter</c> cannot be combined with <c>AddOtlpExporter</c>.</summary>
    public static MetricReader CreateReader(Uri endpoint) =>
        new PeriodicExportingMetricReader(new PrometheusPush(endpoint), IntervalMilliseconds, TimeoutMilliseconds);

    public override ExportResult Export(in Batch<Metric> metrics)
    {
        base.Export(metrics);
        return ExportResult.Success;
    }
}
