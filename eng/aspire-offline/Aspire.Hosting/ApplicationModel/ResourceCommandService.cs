namespace Aspire.Hosting.ApplicationModel;

/// <summary>Starts, stops and restarts resources.</summary>
public sealed class ResourceCommandService
{
    private readonly ApplicationOrchestrator _orchestrator;
    private readonly ResourceLauncher _launcher;

    internal ResourceCommandService(ApplicationOrchestrator orchestrator, ResourceLauncher launcher)
    {
        _orchestrator = orchestrator;
        _launcher = launcher;
    }

    /// <summary>Executes a command on one instance, or on all of the resource of that name.</summary>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default) =>
        ExecuteAsync(_orchestrator.InstancesOf(resourceId), resourceId, commandName, cancellationToken);

    private async Task<ExecuteCommandResult> ExecuteAsync(
        IReadOnlyList<ResourceInstance> instances, string name, string command, CancellationToken cancellationToken)
    {
        if (instances.Count == 0)
        {
            return new() { Success = false, Message = $"'{name}' is no process or container of this application." };
        }

        try
        {
            await Task.WhenAll(instances.Select(instance => command switch
            {
                "start" => _launcher.StartAsync(instance, cancellationToken),
                "stop" => _launcher.StopAsync(instance, cancellationToken),
                "restart" => RestartAsync(instance, cancellationToken),
                _ => throw new DistributedApplicationException($"There is no command '{command}': use start, stop or restart."),
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
