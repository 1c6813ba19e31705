using OpenClaw.AppHost.Tests;

[assembly: AssemblyFixture(typeof(StackFixture))]

namespace OpenClaw.AppHost.Tests;

/// <summary>One healthy graph for all tests that leave it as it was.</summary>
public sealed class StackFixture : IAsyncLifetime
{
    /// <summary>The collection of the tests that run a graph, one after the other: one stops a replica for a moment, another starts a
    /// second graph.</summary>
    internal const string Collection = "graph";

    private Stack? _stack;

    internal Stack Stack => _stack ?? throw new InvalidOperationException("The graph was not started.");

    public async ValueTask InitializeAsync()
    {
        _stack = await Stack.StartAsync();
        await _stack.WaitUntilHealthyAsync();
    }

    public ValueTask DisposeAsync() => _stack?.DisposeAsync() ?? ValueTask.CompletedTask;
}
