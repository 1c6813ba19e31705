namespace Aspire.Hosting;

/// <summary>A distributed application, ready to run in the given host.</summary>
public sealed class DistributedApplication(IHost host) : IHost, IAsyncDisposable
{
    /// <summary>The AppHost's own services.</summary>
    public IServiceProvider Services => host.Services;

    /// <summary>Tells the state of the resources.</summary>
    public ResourceNotificationService ResourceNotifications => Services.GetRequiredService<ResourceNotificationService>();

    /// <summary>Starts and stops resources.</summary>
    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    /// <summary>Begins the description of an application.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => CreateBuilder(new DistributedApplicationOptions { Args = args });

    /// <summary>Begins the description of an application.</summary>
    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) => new DistributedApplicationBuilder(options);

    /// <inheritdoc />
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    /// <summary>Runs, or writes the manifest, until the end.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Runs, or writes the manifest, until the end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            if (Services.GetRequiredService<DistributedApplicationExecutionContext>().IsPublishMode)
            {
                await using var application = this;
                await Services.GetRequiredService<ManifestPublisher>().PublishAsync(cancellationToken);
            }
            else
            {
                await host.RunAsync(cancellationToken);
            }
        }
        catch (DistributedApplicationException error)
        {
            // Something that the user can put right: say what, and no more.
            await Console.Error.WriteLineAsync(error.Message);
            Environment.ExitCode = 1;
        }
    }

    /// <summary>Starts; resources that wait for others start later by themselves.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default) => host.StartAsync(cancellationToken);

    /// <summary>Stops every resource.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => host.StopAsync(cancellationToken);
}
