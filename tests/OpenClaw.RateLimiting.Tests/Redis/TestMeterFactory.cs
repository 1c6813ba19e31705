using System.Diagnostics.Metrics;

namespace OpenClaw.RateLimiting.Tests.Redis;

/// <summary>Meters that belong to one test.</summary>
internal sealed class TestMeterFactory : IMeterFactory
{
    public Meter Create(MeterOptions options)
    {
        options.Scope = this;
        return new Meter(options);
    }

    public void Dispose()
    {
    }
}
