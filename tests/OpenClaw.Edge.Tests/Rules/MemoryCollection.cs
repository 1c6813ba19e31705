namespace OpenClaw.Edge.Tests.Rules;

/// <summary>Tests that measure the memory of the process. They run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MemoryCollection
{
    public const string Name = "memory";
}
