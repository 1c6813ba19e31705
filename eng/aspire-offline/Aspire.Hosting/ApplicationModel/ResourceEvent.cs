namespace Aspire.Hosting.ApplicationModel;

/// <summary>One instance of a resource changed.</summary>
public sealed class ResourceEvent
{
    /// <summary>Tells of a change.</summary>
    public ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
    {
        Resource = resource;
        ResourceId = resourceId;
        Snapshot = snapshot;
    }

    /// <summary>The resource.</summary>
    public IResource Resource { get; }

    /// <summary>The instance: the resource's name, and a suffix for what runs as a process or container.</summary>
    public string ResourceId { get; }

    /// <summary>How it is now.</summary>
    public CustomResourceSnapshot Snapshot { get; }
}
