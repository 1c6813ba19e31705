namespace Aspire.Hosting.Orchestration;

/// <summary>Starts and stops single instances.</summary>
internal sealed class ResourceLauncher(
    ResourceNotificationService notifications, DcpClient dcp, IHostEnvironment environment)
{
    /// <summary>Where projects send telemetry; null: nowhere.</summary>
    public DashboardLaunch? Telemetry { get; set; }

    /// <summary>Starts an instance that is not running.</summary>
    public async Task StartAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        await instance.Gate.WaitAsync(cancellationToken);
        try
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
            await dcp.CreateAsync(Describe(instance, variables, ExecutionConfiguration.Arguments(instance.Resource)), instance.Kind, cancellationToken);
        }
        finally
        {
            instance.Gate.Release();
        }
    }

    /// <summary>Stops an instance and waits for its end.</summary>
    public async Task StopAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        await instance.Gate.WaitAsync(cancellationToken);
        try
        {
            if (IsUp(instance))
            {
                await dcp.StopAsync(instance.Kind, instance.Id, cancellationToken);
                using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                deadline.CancelAfter(TimeSpan.FromMinutes(1));
                await notifications.WaitForResourceAsync(
                    instance.Resource.Name, change => change.ResourceId == instance.Id && !IsUp(instance), deadline.Token);
            }
        }
        finally
        {
            instance.Gate.Release();
        }
    }

    /// <summary>Brings up what is neither process nor container: it is there when its value is.</summary>
    public async Task ResolveAsync(IResource resource, CancellationToken cancellationToken)
    {
        if (resource is IValueProvider value)
        {
            await value.GetValueAsync(cancellationToken);
        }

        await notifications.PublishUpdateAsync(resource, snapshot => snapshot with { State = KnownResourceStates.Running, StartTimeStamp = DateTime.UtcNow });
    }

    private bool IsUp(ResourceInstance instance) =>
        notifications.TryGetCurrentState(instance.Id, out var state)
        && state.Snapshot.State?.Text is "Running" or "Starting" or "Stopping";

    private async Task RemoveAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        await dcp.DeleteAsync(instance.Kind, instance.Id, cancellationToken);
        while (await dcp.GetAsync(instance.Kind, instance.Id, cancellationToken) is not null)
        {
            await Task.Delay(20, cancellationToken);
        }
    }

    private System.Text.Json.Nodes.JsonObject Describe(ResourceInstance instance, Dictionary<string, string> variables, string[] arguments)
    {
        if (instance.Resource is ContainerResource container)
        {
            return DcpObjects.Container(instance.Id, container, arguments, variables);
        }

        var project = instance.Resource.Annotations.OfType<IProjectMetadata>().Last();
        var (path, prefix) = DcpObjects.ProjectCommand(Assembly.Load(environment.ApplicationName), project);
        return DcpObjects.Executable(instance.Id, path, [.. prefix, .. arguments], Path.GetDirectoryName(project.ProjectPath)!, variables, instance.Resource);
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
            variables["OTEL_SERVICE_NAME"] = instance.Resource.Name;
            variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instance.Suffix}";
            if (Telemetry.OtlpApiKey is { } key)
            {
                variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
            }

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
