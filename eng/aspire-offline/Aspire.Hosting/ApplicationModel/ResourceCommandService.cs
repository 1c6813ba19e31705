namespace Aspire.Hosting.ApplicationModel;

/// <summary>Starts, stops and restarts resources.</summary>
public sealed class ResourceCommandService
{
    private readonly ApplicationOrchestrator _orchestrator;
    private readonly ResourceLauncher _launcher;

    internal ResourceCommandService(ApplicationOrchestrator orchestrator, ResourceLauncher launcher) => (_orchestrator, _launcher) = (orchestrator, launcher);

    /// <summary>Executes a command on one instance, or on all of the resource of that name.</summary>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        try
        {
            var instances = _orchestrator.InstancesOf(resourceId);
            if (instances.Count == 0)
            {
                throw new DistributedApplicationException($"'{resourceId}' is no process or container of this application.");
            }

            await Task.WhenAll(instances.Select(instance => commandName switch
            {
                "start" => _launcher.StartAsync(instance, cancellationToken),
                "stop" => _launcher.StopAsync(instance, cancellationToken),
                "restart" => RestartAsync(instance, cancellationToken),
                _ => throw new DistributedApplicationException($"There is no command '{commandName}': use start, stop or restart."),
            }));
            return new() { Success = true };
        }
        catch (Exception error) when (error is DistributedApplicationException or HttpRequestException)
        {
            return new() { Success = false, Message = error.Message };
        }
    }

    private async Task RestartAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        await _launcher.StopAsync(instance, cancellationToken);
        await _launcher.StartAsync(instance, cancellationToken);
    }
}
