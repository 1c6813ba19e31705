using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Knows the state of every instance of every resource, and tells who watches.</summary>
public sealed class ResourceNotificationService
{
    private readonly ConcurrentDictionary<string, ResourceEvent> _states = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Channel<ResourceEvent>> _watchers = [];
    private readonly Lock _lock = new();
    private readonly CancellationToken _stopping;

    internal ResourceNotificationService(IHostApplicationLifetime lifetime) => _stopping = lifetime.ApplicationStopping;

    /// <summary>Whether a wait fails when what it waits for has ended, rather than wait for somebody to start it again.</summary>
    internal bool GivesUp { get; init; } = true;

    /// <summary>Changes the state of one instance of a resource; what has no instances has that of its name.</summary>
    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        lock (_lock)
        {
            var previous = _states.TryGetValue(resourceId, out var known) ? known.Snapshot : NewSnapshot(resource);
            var next = stateFactory(previous);
            if (known is null || next != previous)
            {
                var change = _states[resourceId] = new ResourceEvent(resource, resourceId, next);
                _watchers.ForEach(watcher => watcher.Writer.TryWrite(change));
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Gets the state of every instance, and then every change.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateUnbounded<ResourceEvent>();
        lock (_lock)
        {
            _states.Values.ToList().ForEach(state => channel.Writer.TryWrite(state));
            _watchers.Add(channel);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping);
        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(either.Token))
            {
                yield return change;
            }
        }
        finally
        {
            lock (_lock)
            {
                _watchers.Remove(channel);
            }
        }
    }

    /// <summary>Waits for the first instance of a resource that fulfils a condition.</summary>
    public async Task<ResourceEvent> WaitForResourceAsync(
        string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        await foreach (var change in WatchAsync(cancellationToken))
        {
            if (string.Equals(change.Resource.Name, resourceName, StringComparison.OrdinalIgnoreCase) && predicate(change))
            {
                return change;
            }
        }

        throw new OperationCanceledException($"The application stopped before resource '{resourceName}' was as waited for.");
    }

    /// <summary>Waits until an instance of a resource is running and its health checks pass.</summary>
    /// <exception cref="DistributedApplicationException">It ended, and nobody can start it again.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default)
    {
        var change = await WaitForResourceAsync(resourceName, change => IsReady(change) || HasFailed(change), cancellationToken);
        ThrowIfFailed(change);
        return change;
    }

    /// <summary>Waits for all that the resource said it waits for: every instance of each must be ready.</summary>
    /// <exception cref="DistributedApplicationException">One of them ended.</exception>
    public Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken) =>
        Task.WhenAll(resource.Annotations.OfType<WaitAnnotation>().Select(wait => WaitForAllInstancesAsync(wait, cancellationToken)));

    /// <summary>The instances of a resource that are known, as they are now.</summary>
    internal IEnumerable<ResourceEvent> StatesOf(IResource resource) => _states.Values.Where(state => state.Resource == resource);

    /// <summary>The health of what was not asked yet.</summary>
    internal static ImmutableArray<HealthReportSnapshot> UnknownHealth(IResource resource) =>
        [.. resource.Annotations.OfType<HealthCheckAnnotation>().Select(check => new HealthReportSnapshot(check.Key, null, null, null))];

    private async Task WaitForAllInstancesAsync(WaitAnnotation wait, CancellationToken cancellationToken)
    {
        await foreach (var change in WatchAsync(cancellationToken))
        {
            if (change.Resource == wait.Resource)
            {
                ThrowIfFailed(change);
                if (StatesOf(wait.Resource).All(IsReady))
                {
                    return;
                }
            }
        }
    }

    private static bool IsReady(ResourceEvent change) => change.Snapshot.HealthStatus == HealthStatus.Healthy;

    private bool HasFailed(ResourceEvent change) => GivesUp && KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text ?? string.Empty);

    private void ThrowIfFailed(ResourceEvent change)
    {
        if (HasFailed(change))
        {
            var exitCode = change.Snapshot.ExitCode is { } code ? $" (exit code {code})" : string.Empty;
            throw new DistributedApplicationException(
                $"Resource '{change.ResourceId}' is in the state '{change.Snapshot.State!.Text}'{exitCode} and will not become ready.");
        }
    }

    private static CustomResourceSnapshot NewSnapshot(IResource resource) => new()
    {
        ResourceType = resource switch
        {
            ProjectResource => "Project",
            ContainerResource => "Container",
            ParameterResource => "Parameter",
            _ => "ConnectionString",
        },
        CreationTimeStamp = DateTime.UtcNow,
        HealthReports = UnknownHealth(resource),
        Relationships = [.. resource.Annotations.OfType<ReferenceAnnotation>().Select(reference => (reference.Resource.Name, reference.Relationship)).Distinct()],
    };
}
