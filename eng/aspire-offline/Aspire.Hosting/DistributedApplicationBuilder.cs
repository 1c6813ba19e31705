namespace Aspire.Hosting;

/// <summary>Describes an application: for an AppHost that runs, or, as its entry point left it, for a test.</summary>
internal sealed class DistributedApplicationBuilder : IDistributedApplicationTestingBuilder
{
    private readonly HostApplicationBuilder _inner;
    private readonly EntryPointRun? _test = EntryPointRun.Current;
    private DistributedApplication? _application;

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        AppHostAssembly = _test?.Assembly ?? Assembly.GetEntryAssembly()!;
        AppHostDirectory = AppHostAssembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(metadata => metadata.Key == "apphostprojectpath")?.Value ?? Directory.GetCurrentDirectory();

        _inner = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = options.Args,
            ApplicationName = AppHostAssembly.GetName().Name,
            ContentRootPath = AppHostDirectory,
            EnvironmentName = _test is null ? null : System.Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environments.Development,
        });

        ExecutionContext = new(isPublishMode: Configuration["publisher"] is not null || Configuration["operation"] == "publish");
        AddServices(new RunSettings(
            DashboardDisabled: _test is not null || options.DisableDashboard,
            RandomizePorts: Configuration.GetValue("DcpPublisher:RandomizePorts", _test is not null)));
    }

    public ConfigurationManager Configuration => _inner.Configuration;

    public string AppHostDirectory { get; }

    public Assembly AppHostAssembly { get; }

    public IHostEnvironment Environment => _inner.Environment;

    public IServiceCollection Services => _inner.Services;

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    public IResourceCollection Resources { get; } = new ResourceCollection();

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        // Under test, the entry point only describes the application; the test builds and runs it.
        _test?.Complete(this);
        return _application = new(_inner.Build());
    }

    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken) => Task.FromResult(Build());

    public void Dispose() => _application?.Dispose();

    public ValueTask DisposeAsync() => _application?.DisposeAsync() ?? ValueTask.CompletedTask;

    private void AddServices(RunSettings settings)
    {
        Services.AddSingleton(settings);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(Resources);
        Services.AddSingleton<DistributedApplicationModel>();
        Services.AddSingleton(services => new ResourceNotificationService(services.GetRequiredService<IHostApplicationLifetime>())
        {
            // Who has the dashboard may start again what ended.
            GivesUp = settings.DashboardDisabled,
        });
        Services.AddSingleton<ManifestPublisher>();
        Services.AddSingleton<DcpClient>();
        Services.AddSingleton<ResourceLauncher>();
        Services.AddSingleton<ApplicationOrchestrator>();
        Services.AddSingleton(services => new ResourceCommandService(
            services.GetRequiredService<ApplicationOrchestrator>(), services.GetRequiredService<ResourceLauncher>()));
        Services.AddSingleton<BundleLocator>();
        Services.AddSingleton<DashboardHost>();
        Services.AddHealthChecks();
        Services.AddHttpClient();
        Services.AddHostedService(services => services.GetRequiredService<ApplicationOrchestrator>());
        Services.AddHostedService<ResourceHealthMonitor>();

        Services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);
        _inner.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        _inner.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        _inner.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
    }
}

/// <param name="DashboardDisabled">Whether to run without the dashboard.</param>
/// <param name="RandomizePorts">Whether to ignore the ports that endpoints ask for, so that several applications can run at once.</param>
internal sealed record RunSettings(bool DashboardDisabled, bool RandomizePorts);
