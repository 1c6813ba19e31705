using System.Diagnostics.Metrics;

namespace OpenClaw.Notifier.Webhooks;

/// <summary>Keeps HTTP metrics of webhooks from being exported: a tag has the receiver's host, and the number of hosts is not
/// bounded.</summary>
internal sealed class UnexportedMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        Meter meter = new($"Unexported.{options.Name}");
        _meters.Add(meter);
        return meter;
    }

    public void Dispose() => _meters.ForEach(meter => meter.Dispose());
}
