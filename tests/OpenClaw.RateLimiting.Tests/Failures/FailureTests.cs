using Xunit;

namespace OpenClaw.RateLimiting.Tests.Failures;

/// <summary>Tests that break real servers under load. They measure time, so nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class FailureTests
{
    public const string Name = "Failures";
}
