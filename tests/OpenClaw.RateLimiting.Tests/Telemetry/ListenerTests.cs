using Xunit;

namespace OpenClaw.RateLimiting.Tests.Telemetry;

/// <summary>Tests with listeners to spans, which see every limiter of the process. Nothing else runs beside them: a traced decision is
/// backed by a task, so that whoever takes its result early waits for it instead of getting an exception.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ListenerTests
{
    public const string Name = "Listeners";
}
