using System.Net.Http.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Aspire.Offline.Tests.Hosting;

/// <summary>A running application of echo services: <c>first</c>, which is not ready before it is told so, and three of <c>second</c>, which wait for it.</summary>
public sealed class EchoApplication : IAsyncLifetime
{
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    internal DistributedApplication App { get; private set; } = null!;

    /// <summary>The states that <c>second</c> was in before <c>first</c> was ready.</summary>
    internal IReadOnlyList<string> StatesBefore { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        // What configures this process must not configure what it runs.
        Environment.SetEnvironmentVariable("ASPNETCORE_ENVIRONMENT", "Staging");
        App = Build();
        await App.StartAsync();
        await App.ResourceNotifications.WaitForResourceAsync("first", change => change.Snapshot.State?.Text == KnownResourceStates.Running).WaitAsync(Patience);
        using var client = App.CreateHttpClient("first", "http");
        while (!await AnswersAsync(client))
        {
            await Task.Delay(50);
        }

        StatesBefore = [.. App.ResourceNotifications.StatesOf(Second).Select(state => state.Snapshot.State!.Text)];
        await client.PostAsync("ready", content: null);
        await App.ResourceNotifications.WaitForResourceHealthyAsync("second").WaitAsync(Patience);
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();

    internal IResource Second { get; private set; } = null!;

    internal async Task<T?> GetAsync<T>(string resource, string path)
    {
        // A connection of its own: the proxy chooses a replica per connection.
        using var client = new HttpClient(new SocketsHttpHandler());
        return await client.GetFromJsonAsync<T>(new Uri(App.GetEndpoint(resource, "http"), path));
    }

    private DistributedApplication Build()
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = ["--DcpPublisher:RandomizePorts=true", "--Parameters:greeting=hello"],
            DisableDashboard = true,
        });
        var greeting = builder.AddParameter("greeting", new GenerateParameterDefault(), secret: true);
        var first = builder.AddProject<EchoProject>("first", launchProfileName: null)
            .WithHttpEndpoint(port: 1)
            .WithEnvironment("START_UNREADY", "true")
            .WithHttpHealthCheck("/ready");
        var second = builder.AddProject<EchoProject>("second", launchProfileName: "echo")
            .WithReplicas(3)
            .WithEnvironment("GREETING", greeting)
            .WithReference(first)
            .WaitFor(first);
        Second = second.Resource;
        return builder.Build();
    }

    private static async Task<bool> AnswersAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri("pid", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
