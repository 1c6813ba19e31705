using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace Aspire.Hosting.Orchestration;

/// <summary>Runs the application: brings up dcp and the dashboard, opens the endpoints, starts every resource in its turn.</summary>
internal sealed partial class ApplicationOrchestrator(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceLauncher launcher,
    DcpClient dcp,
    BundleLocator bundles,
    DashboardHost dashboardHost,
    RunSettings settings,
    IHostApplicationLifetime lifetime,
    ILogger<DistributedApplication> logger) : IHostedService
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _background = [];
    private IReadOnlyList<ResourceInstance> _instances = [];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(LogStarted);
        LogVersion(BundlePackage.Version);
        _instances = [.. model.Resources.SelectMany(ResourceInstance.Of)];
        if (_instances.Count > 0)
        {
            await StartOrchestrationAsync(cancellationToken);
        }

        _background.AddRange(model.Resources.Select(resource => Task.Run(() => StartResourceAsync(resource, _stopping.Token), CancellationToken.None)));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();

        // dcp stops everything at once: proxies that requests in flight need, and the dashboard that the services send their last telemetry to.
        await Task.WhenAll(_instances.Select(instance => launcher.EndAsync(instance, cancellationToken))).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await dcp.DisposeAsync();
        await dashboardHost.StopAsync(cancellationToken);
        await Task.WhenAll(_background).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>The instances of a resource, or the one of that id.</summary>
    public IReadOnlyList<ResourceInstance> InstancesOf(string nameOrId) =>
    [
        .. _instances.Where(instance => string.Equals(instance.Id, nameOrId, StringComparison.OrdinalIgnoreCase)
            || string.Equals(instance.Resource.Name, nameOrId, StringComparison.OrdinalIgnoreCase)),
    ];

    /// <summary>Reads the lines that one instance prints, each starting with its time.</summary>
    public async IAsyncEnumerable<(string Text, bool IsError)> ReadLogAsync(
        string resourceId, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (InstancesOf(resourceId) is not [var instance])
        {
            yield break;
        }

        var lines = Channel.CreateUnbounded<(string, bool)>();
        async Task CopyAsync(string source, bool isError)
        {
            await foreach (var line in dcp.ReadLogAsync(instance.Kind, instance.Id, source, follow, cancellationToken))
            {
                lines.Writer.TryWrite((line, isError));
            }
        }

        // A container that does not start says why before it has an output.
        string[] sources = instance.Kind == DcpObjects.Containers ? ["startup_stdout", "startup_stderr", "stdout", "stderr"] : ["stdout", "stderr"];
        var copies = Task.WhenAll(sources.Select(source => CopyAsync(source, source.EndsWith("stderr", StringComparison.Ordinal))));
        _ = copies.ContinueWith(done => lines.Writer.Complete(done.Exception?.InnerException), TaskScheduler.Default);
        await foreach (var line in lines.Reader.ReadAllAsync(cancellationToken))
        {
            yield return line;
        }
    }

    private async Task StartOrchestrationAsync(CancellationToken cancellationToken)
    {
        var bundle = await bundles.EnsureAsync(cancellationToken);
        var runtime = model.Resources.OfType<ContainerResource>().Any()
            ? await DcpClient.FindContainerRuntimeAsync(bundle.DcpPath, cancellationToken)
            : null;
        await Task.WhenAll(
            from resource in model.Resources
            from endpoint in resource.Annotations.OfType<EndpointAnnotation>()
            let port = WantedPort(endpoint)
            where port is not null
            select WaitForPortAsync(port.Value, $"endpoint '{endpoint.Name}' of resource '{resource.Name}'", cancellationToken));
        await dcp.StartAsync(bundle.DcpPath, runtime, cancellationToken);

        if (!settings.DashboardDisabled)
        {
            var dashboard = await dashboardHost.StartAsync(cancellationToken);
            launcher.Telemetry = dashboard;
            await Task.WhenAll(dashboard.FrontEnd.Append(dashboard.OtlpEndpoint)
                .Select(url => WaitForPortAsync(BindingAddress.Parse(url).Port, $"the dashboard ({url})", cancellationToken)));
            await dcp.CreateAsync(
                DcpObjects.Executable("aspire-dashboard", bundle.DashboardPath, ["dashboard"], Path.GetDirectoryName(bundle.DashboardPath)!, dashboard.Environment, owner: null),
                DcpObjects.Executables,
                cancellationToken);
            _background.Add(AnnounceDashboardAsync(dashboard.LoginUrl, _stopping.Token));
        }

        _background.Add(FollowAsync(DcpObjects.Executables, _stopping.Token));
        _background.Add(FollowAsync(DcpObjects.Containers, _stopping.Token));
        await Task.WhenAll(model.Resources.SelectMany(
            resource => resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => OpenEndpointAsync(resource, endpoint, cancellationToken))));
    }

    private int? WantedPort(EndpointAnnotation endpoint) => settings.RandomizePorts ? null : endpoint.Port;

    private Task WaitForPortAsync(int port, string user, CancellationToken cancellationToken) =>
        PortWait.UntilFreeAsync(port, user, PortWait.Patience, logger, cancellationToken);

    /// <summary>Lets dcp listen on an endpoint's port, before anything is behind it.</summary>
    private async Task OpenEndpointAsync(IResource owner, EndpointAnnotation endpoint, CancellationToken cancellationToken)
    {
        var wanted = WantedPort(endpoint);
        await dcp.CreateAsync(DcpObjects.Service(owner, endpoint, wanted), DcpObjects.Services, cancellationToken);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        try
        {
            while (endpoint.AllocatedPort is null)
            {
                var service = await dcp.GetAsync(DcpObjects.Services, DcpObjects.ServiceName(owner, endpoint), deadline.Token);
                endpoint.AllocatedPort = service?["status"]?["effectivePort"]?.GetValue<int>() is > 0 and var port ? port : null;
                await Task.Delay(20, deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DistributedApplicationException(string.Create(
                CultureInfo.InvariantCulture, $"Endpoint '{endpoint.Name}' of resource '{owner.Name}' could not be opened{(wanted is null ? string.Empty : $": is port {wanted} in use?")}"));
        }
    }

    private async Task StartResourceAsync(IResource resource, CancellationToken cancellationToken)
    {
        var instances = InstancesOf(resource.Name);
        try
        {
            await PublishAsync(KnownResourceStates.Waiting);
            await notifications.WaitForDependenciesAsync(resource, cancellationToken);
            if (instances.Count > 0)
            {
                await Task.WhenAll(instances.Select(instance => launcher.StartAsync(instance, cancellationToken)));
            }
            else
            {
                await launcher.ResolveAsync(resource, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The application stops.
        }
        catch (Exception error)
        {
            LogNotStarted(resource.Name, error.Message);
            await PublishAsync(KnownResourceStates.FailedToStart);
        }

        Task PublishAsync(string state) => Task.WhenAll((instances.Count == 0 ? [resource.Name] : instances.Select(instance => instance.Id))
            .Select(id => notifications.PublishUpdateAsync(resource, id, snapshot => snapshot with { State = state })));
    }

    /// <summary>Takes over what dcp says of its processes or containers.</summary>
    private async Task FollowAsync(string kind, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var change in dcp.WatchAsync(kind, cancellationToken))
                {
                    if (InstancesOf(change["metadata"]!["name"]!.GetValue<string>()) is [var instance])
                    {
                        await notifications.PublishUpdateAsync(instance.Resource, instance.Id, snapshot => Apply(snapshot, instance, change));
                    }
                }
            }
            catch (Exception error) when (error is HttpRequestException or IOException && !cancellationToken.IsCancellationRequested)
            {
                LogWatchBroken(kind, error.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
            }
        }
    }

    private CustomResourceSnapshot Apply(CustomResourceSnapshot before, ResourceInstance instance, JsonNode change)
    {
        var after = DcpStatus.Apply(before, instance, change);
        if (after.State != before.State && after.State?.Text == KnownResourceStates.FailedToStart)
        {
            // Of many lines the last that begins so is the cause; those before it are what was tried.
            var lines = change["status"]!["message"]?.GetValue<string>().Trim().Split('\n') ?? ["no reason given"];
            LogNotStarted(instance.Id, lines.LastOrDefault(line => line.StartsWith("Error", StringComparison.Ordinal)) ?? lines[^1]);
        }
        else if (after.State != before.State && after.State?.Text == KnownResourceStates.Exited && !_stopping.IsCancellationRequested)
        {
            LogExited(instance.Id, after.ExitCode);
        }

        return after;
    }

    private async Task AnnounceDashboardAsync(string loginUrl, CancellationToken cancellationToken)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } });
        var deadline = DateTime.UtcNow + TimeSpan.FromMinutes(1);
        while (DateTime.UtcNow < deadline)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(loginUrl), cancellationToken);
                LogDashboard(loginUrl);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
            }
        }

        LogNoDashboard();
    }

    [LoggerMessage(1, LogLevel.Information, "Aspire version: {Version}, from the stand-in in eng/aspire-offline.")]
    private partial void LogVersion(string version);

    [LoggerMessage(2, LogLevel.Information, "Login to the dashboard at {Url}")]
    private partial void LogDashboard(string url);

    [LoggerMessage(3, LogLevel.Information, "Distributed application started. Press Ctrl+C to shut down.")]
    private partial void LogStarted();

    [LoggerMessage(4, LogLevel.Error, "Resource '{Resource}' was not started: {Reason}")]
    private partial void LogNotStarted(string resource, string reason);

    [LoggerMessage(5, LogLevel.Warning, "Resource '{Resource}' exited with code {ExitCode}.")]
    private partial void LogExited(string resource, int? exitCode);

    [LoggerMessage(6, LogLevel.Warning, "The dashboard does not answer.")]
    private partial void LogNoDashboard();

    [LoggerMessage(7, LogLevel.Debug, "The watch of {Kind} broke off: {Reason}")]
    private partial void LogWatchBroken(string kind, string reason);
}
