using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OpenClaw.Edge.Telemetry;

namespace OpenClaw.Edge.Tests.Hosting;

/// <summary>Listens to one of an edge's counters.</summary>
internal sealed class MetricCounter(IServiceProvider services, string name) : IDisposable
{
    private readonly MetricCollector<long> _collector = new(services.GetRequiredService<IMeterFactory>(), EdgeMetrics.MeterName, name);

    /// <summary>Sum of measurements that have all given tags, each as <c>name=value</c>.</summary>
    public long Sum(params string[] tags) => _collector.GetMeasurementSnapshot()
        .Where(measurement => tags.All(tag => measurement.Tags.Any(pair => $"{pair.Key}={pair.Value}" == tag)))
        .Sum(measurement => measurement.Value);

    /// <summary>Names of all tags seen.</summary>
    public IEnumerable<string> TagNames => _collector.GetMeasurementSnapshot().SelectMany(measurement => measurement.Tags.Keys).Distinct();

    public void Dispose() => _collector.Dispose();
}
