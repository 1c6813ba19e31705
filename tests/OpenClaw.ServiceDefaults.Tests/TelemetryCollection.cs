using Xunit;

namespace OpenClaw.ServiceDefaults.Tests;

/// <summary>Listeners to activities and meters hear the whole process: tests that look at what is collected run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TelemetryCollection
{
    public const string Name = "Telemetry";
}
