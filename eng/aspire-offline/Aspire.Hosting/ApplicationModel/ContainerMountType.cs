namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a container mounts.</summary>
public enum ContainerMountType
{
    /// <summary>A volume that the container runtime keeps.</summary>
    // The packages' BindMount is 0.
    Volume = 1,
}
