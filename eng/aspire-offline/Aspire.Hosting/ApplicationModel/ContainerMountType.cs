namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a container mounts.</summary>
public enum ContainerMountType
{
    /// <summary>A folder of the host.</summary>
    BindMount,

    /// <summary>A volume that the container runtime keeps.</summary>
    Volume,
}
