namespace Aspire.Hosting.Orchestration;

/// <summary>One process or container of a resource.</summary>
internal sealed class ResourceInstance(IResource resource)
{
    private readonly SemaphoreSlim _gate = new(1, 1);

    public IResource Resource { get; } = resource;

    /// <summary>What the dashboard and dcp know it by, before and after a restart.</summary>
    public string Id { get; } = $"{resource.Name}-{RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz", 8)}".ToLowerInvariant();

    public string Kind { get; } = resource is ContainerResource ? DcpObjects.Containers : DcpObjects.Executables;

    public string Suffix => Id[(Resource.Name.Length + 1)..];

    /// <summary>Lets one command at a time have the instance.</summary>
    public async Task ExclusivelyAsync(Func<Task> command, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await command();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The instances that a resource has.</summary>
    public static IEnumerable<ResourceInstance> Of(IResource resource)
    {
        var count = resource switch
        {
            ProjectResource => resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1,
            ContainerResource => 1,
            _ => 0,
        };
        return Enumerable.Range(0, count).Select(_ => new ResourceInstance(resource)).ToArray();
    }
}
