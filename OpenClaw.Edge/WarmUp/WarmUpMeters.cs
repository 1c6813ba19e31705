using System.Diagnostics.Metrics;

namespace OpenClaw.Edge.WarmUp;

/// <summary>Creates meters under a name without listeners, so that requests of the warm-up are not counted.</summary>
internal sealed class WarmUpMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        Meter meter = new("WarmUp");
        _meters.Add(meter);
        return meter;
    }

    public void Dispose() => _meters.ForEach(meter => meter.Dispose());
}
