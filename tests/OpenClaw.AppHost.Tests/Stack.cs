using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

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

    public DistributedApplicationModel Model => App.Services.GetRequiredService<DistributedApplicationModel>();

    /// <summary>The key of the edge's admin API.</summary>
    public ParameterResource AdminKey => Model.Resources.OfType<ParameterResource>().Single(parameter => parameter.Name == "admin-key");

    /// <summary>The processes of the projects; on Linux.</summary>
    public StackProcesses Processes { get; }

    public static async Task<Stack> StartAsync(params string[] settings)
    {
        var marker = $"openclaw-test-{Guid.NewGuid():N}";
        var keys = Enumerable.Range(0, ClientCount).Select(i => $"key-{i}-{Guid.NewGuid():N}").ToArray();
        var appHost = await DistributedApplicationTestingBuilder.CreateAsync<Projects.OpenClaw_AppHost>(
            ["--OpenClaw:Redis=embedded", .. settings]);
        foreach (var project in appHost.Resources.OfType<ProjectResource>().ToArray())
        {
            appHost.CreateResourceBuilder(project).WithEnvironment("OPENCLAW_TEST", marker);
        }

        var edge = appHost.CreateResourceBuilder(appHost.Resources.OfType<ProjectResource>().Single(project => project.Name == "edge"))
            .WithEnvironment("OpenClaw__Edge__ApiKeys__Pepper", Pepper)
            // All tests come from one address, and a busy machine must not make the limiter fall back to local shares.
            .WithEnvironment("OpenClaw__Edge__AddressPolicy", string.Empty)
            .WithEnvironment("OpenClaw__Edge__Limiter__Deadline", "00:00:10");
        foreach (var (id, key) in keys.Select((key, i) => ($"client-{i}", key)).Append((SampleClients.Id, SampleClients.Key)))
        {
            var hash = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Pepper), Encoding.ASCII.GetBytes(key)));
            edge.WithEnvironment($"OpenClaw__Edge__Clients__{id}__KeyHashes__0", hash);
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

    /// <summary>A client of the admin API, with the key that the AppHost gave it.</summary>
    public async Task<HttpClient> ConnectToAdminAsync()
    {
        var client = App.CreateHttpClient("edge", "management");
        client.DefaultRequestHeaders.Authorization = new("Bearer", await AdminKey.GetValueAsync(CancellationToken.None));
        return client;
    }

    /// <summary>Waits until processes are running and their health checks pass.</summary>
    public async Task WaitUntilHealthyAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        foreach (var resource in Model.Resources.OfType<ProjectResource>())
        {
            await App.ResourceNotifications.WaitForResourceHealthyAsync(resource.Name, deadline.Token);
        }
    }

    /// <summary>Waits until so many replicas of the edge are healthy.</summary>
    public async Task WaitForReplicasAsync(int count)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        HashSet<string> healthy = [];
        await foreach (var change in App.ResourceNotifications.WatchAsync(deadline.Token))
        {
            if (change.Resource.Name == "edge" && change.Snapshot.HealthStatus == HealthStatus.Healthy && healthy.Add(change.ResourceId)
                && healthy.Count == count)
            {
                return;
            }
        }
    }

    /// <summary>An API key that no other test uses.</summary>
    public string NewKey() => _keys.TryDequeue(out var key) ? key : throw new InvalidOperationException($"Raise {nameof(ClientCount)}.");

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
