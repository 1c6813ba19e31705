using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.AppHost.Tests;

/// <summary>The whole graph as the AppHost describes it, on the embedded Redis, with clients of its own.</summary>
internal sealed class Stack : IAsyncDisposable
{
    private const string Pepper = "a-pepper-of-the-tests-that-is-long-enough";
    private const int ClientCount = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly ConcurrentQueue<string> _keys = [];

    private Stack(DistributedApplication app, string marker, IEnumerable<string> keys)
    {
        App = app;
        Processes = new(marker);
        _keys = new(keys);
    }

    public DistributedApplication App { get; }

    /// <summary>The processes of the projects; on Linux.</summary>
    public StackProcesses Processes { get; }

    public static async Task<Stack> StartAsync()
    {
        var marker = $"openclaw-test-{Guid.NewGuid():N}";
        var keys = Enumerable.Range(0, ClientCount).Select(i => $"key-{i}-{Guid.NewGuid():N}").ToArray();
        var appHost = await DistributedApplicationTestingBuilder.CreateAsync<Projects.OpenClaw_AppHost>(["--OpenClaw:Redis=embedded"]);
        foreach (var project in appHost.Resources.OfType<ProjectResource>().ToArray())
        {
            appHost.CreateResourceBuilder(project).WithEnvironment("OPENCLAW_TEST", marker);
        }

        var edge = appHost.CreateResourceBuilder(appHost.Resources.OfType<ProjectResource>().Single(project => project.Name == "edge"))
            .WithEnvironment("OpenClaw__Edge__ApiKeys__Pepper", Pepper)
            // All tests come from one address, and a busy machine must not make the limiter fall back to local shares.
            .WithEnvironment("OpenClaw__Edge__AddressPolicy", string.Empty)
            .WithEnvironment("OpenClaw__Edge__Limiter__Deadline", "00:00:10");
        foreach (var (key, i) in keys.Select((key, i) => (key, i)))
        {
            var hash = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Pepper), Encoding.ASCII.GetBytes(key)));
            edge.WithEnvironment($"OpenClaw__Edge__Clients__client-{i}__KeyHashes__0", hash);
        }

        var stack = new Stack(await appHost.BuildAsync(), marker, keys);
        try
        {
            using var deadline = new CancellationTokenSource(Patience);
            await stack.App.StartAsync(deadline.Token);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until processes and connection strings are running and their health checks pass.</summary>
    public async Task WaitUntilHealthyAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        var resources = App.Services.GetRequiredService<DistributedApplicationModel>().Resources.Where(resource => resource is ProjectResource or ConnectionStringResource);
        foreach (var resource in resources.Where(resource => !resource.Name.EndsWith("-rebuilder", StringComparison.Ordinal)))
        {
            await App.ResourceNotifications.WaitForResourceHealthyAsync(resource.Name, deadline.Token);
        }
    }

    /// <summary>An API key that no other test uses.</summary>
    public string NewKey() => _keys.TryDequeue(out var key) ? key : throw new InvalidOperationException($"Raise {nameof(ClientCount)}.");

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
