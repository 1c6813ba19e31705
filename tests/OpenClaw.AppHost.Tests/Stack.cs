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
    private const int Replicas = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly ConcurrentQueue<TestClient> _clients;
    private readonly DirectoryInfo _folder;

    private Stack(DistributedApplication app, string marker, IEnumerable<TestClient> clients, DirectoryInfo folder)
    {
        App = app;
        Processes = new(marker);
        _clients = new(clients);
        _folder = folder;
    }

    public DistributedApplication App { get; }

    public DistributedApplicationModel Model => App.Services.GetRequiredService<DistributedApplicationModel>();

    /// <summary>The key of the edge's admin API.</summary>
    public ParameterResource AdminKey => Model.Resources.OfType<ParameterResource>().Single(parameter => parameter.Name == "admin-key");

    /// <summary>The processes of the projects; on Linux.</summary>
    public StackProcesses Processes { get; }

    /// <summary>The mails that the notifier has written.</summary>
    public IReadOnlyList<FileInfo> Mails => _folder.GetFiles();

    /// <summary>The clients of a graph, unless others are named. They have no tier.</summary>
    public static IReadOnlyList<string> ClientIds { get; } = [.. Enumerable.Range(0, 24).Select(i => $"client-{i}")];

    public static Task<Stack> StartAsync(params string[] settings) => StartAsync(ClientIds, settings);

    /// <param name="clientIds">The clients that the edge knows, each with a key of its own.</param>
    /// <param name="settings">Further settings of the AppHost.</param>
    public static async Task<Stack> StartAsync(IEnumerable<string> clientIds, params string[] settings)
    {
        var marker = $"openclaw-test-{Guid.NewGuid():N}";
        var clients = clientIds.Select(id => new TestClient(id, $"key-{Guid.NewGuid():N}")).ToArray();
        var folder = Directory.CreateTempSubdirectory("openclaw-test-mail-");
        DistributedApplication? app = null;
        try
        {
            var appHost = await DistributedApplicationTestingBuilder.CreateAsync<Projects.OpenClaw_AppHost>(
                ["--OpenClaw:Redis=embedded", $"--OpenClaw:Notifier:Email:Folder={folder.FullName}", .. settings]);
            foreach (var project in appHost.Resources.OfType<ProjectResource>().ToArray())
            {
                appHost.CreateResourceBuilder(project).WithEnvironment("OPENCLAW_TEST", marker);
            }

            var edge = appHost.CreateResourceBuilder(appHost.Resources.OfType<ProjectResource>().Single(project => project.Name == "edge"))
                .WithEnvironment("OpenClaw__Edge__ApiKeys__Pepper", Pepper)
                // All tests come from one address, and a busy machine must not make the limiter fall back to local shares.
                .WithEnvironment("OpenClaw__Edge__AddressPolicy", string.Empty)
                .WithEnvironment("OpenClaw__Edge__Limiter__Deadline", "00:00:10");
            foreach (var (id, key) in clients.Append(new TestClient(SampleClients.Id, SampleClients.Key)))
            {
                var hash = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Pepper), Encoding.ASCII.GetBytes(key)));
                edge.WithEnvironment($"OpenClaw__Edge__Clients__{id}__KeyHashes__0", hash);
            }

            app = await appHost.BuildAsync();
            using var deadline = new CancellationTokenSource(Patience);
            await app.StartAsync(deadline.Token);
            return new Stack(app, marker, clients, folder);
        }
        catch
        {
            if (app is not null)
            {
                await app.DisposeAsync();
            }

            folder.Delete(recursive: true);
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
    /// <returns>The public address of each.</returns>
    public async Task<IReadOnlyList<Uri>> WaitForReplicasAsync(int count = Replicas)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        Dictionary<string, Uri> healthy = [];
        await foreach (var change in App.ResourceNotifications.WatchAsync(deadline.Token))
        {
            if (change.Resource.Name == "edge" && change.Snapshot.HealthStatus == HealthStatus.Healthy)
            {
                healthy[change.ResourceId] = new Uri(
                    change.Snapshot.EnvironmentVariables.Single(variable => variable.Name == "ASPNETCORE_URLS").Value!);
                if (healthy.Count == count)
                {
                    break;
                }
            }
        }

        return [.. healthy.Values];
    }

    /// <summary>A client that no other test uses, in the order of their ids.</summary>
    public TestClient NewClient() =>
        _clients.TryDequeue(out var client) ? client : throw new InvalidOperationException($"Raise the number of {nameof(ClientIds)}.");

    /// <summary>An API key that no other test uses.</summary>
    public string NewKey() => NewClient().Key;

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
