namespace Aspire.Hosting.Orchestration;

/// <summary>Starts and stops single instances.</summary>
internal sealed class ResourceLauncher(ResourceNotificationService notifications, DcpClient dcp, IHostEnvironment environment)
{
    /// <summary>Where projects send telemetry; null: nowhere.</summary>
    public DashboardLaunch? Telemetry { get; set; }

    /// <summary>Starts an instance that is not running.</summary>
    public Task StartAsync(ResourceInstance instance, CancellationToken cancellationToken) => instance.ExclusivelyAsync(async () =>
    {
        if (await dcp.GetAsync(instance.Kind, instance.Id, cancellationToken) is { } old)
        {
            if (old["status"]?["state"]?.GetValue<string>() is "Running" or "Starting")
            {
                return;
            }

            await RemoveAsync(instance, cancellationToken);
        }

        await notifications.PublishUpdateAsync(instance.Resource, instance.Id, snapshot => snapshot with
        {
            State = KnownResourceStates.Starting,
            ExitCode = null,
            StopTimeStamp = null,
            HealthReports = ResourceNotificationService.UnknownHealth(instance.Resource),
        });
        var variables = await ResolveEnvironmentAsync(instance, cancellationToken);
        await dcp.CreateAsync(Describe(instance, variables), instance.Kind, cancellationToken);
    }, cancellationToken);

    /// <summary>Stops an instance and waits for its end.</summary>
    public Task StopAsync(ResourceInstance instance, CancellationToken cancellationToken) => instance.ExclusivelyAsync(async () =>
    {
        if (notifications.StatesOf(instance.Resource).Any(IsUp))
        {
            await dcp.StopAsync(instance.Kind, instance.Id, cancellationToken);
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            deadline.CancelAfter(TimeSpan.FromMinutes(1));
            await notifications.WaitForResourceAsync(instance.Resource.Name, change => change.ResourceId == instance.Id && !IsUp(change), deadline.Token);
        }

        bool IsUp(ResourceEvent state) => state.ResourceId == instance.Id && state.Snapshot.State?.Text is "Running" or "Starting" or "Stopping";
    }, cancellationToken);

    /// <summary>Stops a process and waits for its end, when the application has stopped and nobody is notified of anything any more.</summary>
    public Task EndAsync(ResourceInstance instance, CancellationToken cancellationToken) => instance.ExclusivelyAsync(async () =>
    {
        // Containers serve the processes, and have no telemetry of ours: they can go with dcp.
        if (instance.Kind == DcpObjects.Executables && await dcp.GetAsync(instance.Kind, instance.Id, cancellationToken) is not null)
        {
            await dcp.StopAsync(instance.Kind, instance.Id, cancellationToken);
            while (await dcp.GetAsync(instance.Kind, instance.Id, cancellationToken) is { } process && !DcpStatus.HasEnded(process))
            {
                await Task.Delay(20, cancellationToken);
            }
        }
    }, cancellationToken);

    /// <summary>Brings up what is neither process nor container: it is there when its value is.</summary>
    public async Task ResolveAsync(IResource resource, CancellationToken cancellationToken)
    {
        await ((IValueProvider)resource).GetValueAsync(cancellationToken);
        await notifications.PublishUpdateAsync(
            resource, resource.Name, snapshot => snapshot with { State = KnownResourceStates.Running, StartTimeStamp = DateTime.UtcNow });
    }

    private async Task RemoveAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        await dcp.DeleteAsync(instance.Kind, instance.Id, cancellationToken);
        while (await dcp.GetAsync(instance.Kind, instance.Id, cancellationToken) is not null)
        {
            await Task.Delay(20, cancellationToken);
        }
    }

    private object Describe(ResourceInstance instance, Dictionary<string, string> variables)
    {
        if (instance.Resource is ContainerResource container)
        {
            return DcpObjects.Container(instance.Id, container, ExecutionConfiguration.Arguments(container), variables);
        }

        var project = instance.Resource.Annotations.OfType<IProjectMetadata>().Last();
        var command = DcpObjects.ProjectCommand(Assembly.Load(environment.ApplicationName), project);
        return DcpObjects.Executable(instance.Id, command[0], command[1..], Path.GetDirectoryName(project.ProjectPath)!, variables, instance.Resource);
    }

    private async Task<Dictionary<string, string>> ResolveEnvironmentAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        var variables = new Dictionary<string, string>();
        foreach (var (name, value) in ExecutionConfiguration.Environment(instance.Resource))
        {
            variables[name] = value is IValueProvider provider ? await provider.GetValueAsync(cancellationToken) ?? string.Empty : (string)value;
        }

        if (instance.Resource is ProjectResource && Telemetry is not null)
        {
            variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = Telemetry.OtlpEndpoint;
            variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";
            variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={Telemetry.OtlpApiKey}";
            variables["OTEL_SERVICE_NAME"] = instance.Resource.Name;
            variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instance.Suffix}";
            if (environment.IsDevelopment())
            {
                // Somebody is looking: do not let telemetry lie in a batch.
                variables["OTEL_BLRP_SCHEDULE_DELAY"] = variables["OTEL_BSP_SCHEDULE_DELAY"] = variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
                variables["OTEL_TRACES_SAMPLER"] = "always_on";
                variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
            }
        }

        return variables;
    }
}
