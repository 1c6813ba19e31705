using System.Diagnostics.Metrics;

namespace OpenClaw.Benchmarks;

/// <summary>Meters without listeners.</summary>
internal sealed class NullMeters : IMeterFactory
{
    public Meter Create(MeterOptions options) => new(options);

    public void Dispose()
    {
    }
}
