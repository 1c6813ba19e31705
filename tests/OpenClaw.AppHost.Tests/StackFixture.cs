using OpenClaw.AppHost.Tests;
using OpenClaw.AppHost.Tests.Operators;
using OpenClaw.Notifier.Tests.Hosting;

[assembly: AssemblyFixture(typeof(StackFixture))]

namespace OpenClaw.AppHost.Tests;

/// <summary>One healthy graph for all tests that leave it as it was, and a server that receives its webhooks.</summary>
public sealed class StackFixture : IAsyncLifetime
{
    /// <summary>The collection of the tests that run a graph, one after the other: one stops a replica for a moment, another starts a
    /// second graph.</summary>
    internal const string Collection = "graph";

    private Stack? _stack;
    private WebhookReceiver? _webhooks;

    internal Stack Stack => _stack ?? throw new InvalidOperationException("The graph was not started.");

    /// <summary>The server of all clients' webhooks, at a path of each client's id.</summary>
    internal WebhookReceiver Webhooks => _webhooks ?? throw new InvalidOperationException("The graph was not started.");

    public async ValueTask InitializeAsync()
    {
        _webhooks = await WebhookReceiver.StartAsync();
        _stack = await Stack.StartAsync(Partners.Settings(_webhooks, Stack.ClientIds));
        await _stack.WaitUntilHealthyAsync();
        await _stack.WaitForReplicasAsync();
        // The first requests compile most of the edge.
        await Traffic.BurstAsync(_stack, _stack.NewClient(), 60);
    }

    public async ValueTask DisposeAsync()
    {
        if (_stack is not null)
        {
            await _stack.DisposeAsync();
        }

        if (_webhooks is not null)
        {
            await _webhooks.DisposeAsync();
        }
    }
}
