namespace Aspire.Hosting;

/// <summary>Tells a run from a publish.</summary>
public sealed class DistributedApplicationExecutionContext
{
    internal DistributedApplicationExecutionContext(bool isPublishMode) => IsPublishMode = isPublishMode;

    /// <summary>Whether the application writes its description.</summary>
    public bool IsPublishMode { get; }

    /// <summary>Whether the application runs.</summary>
    public bool IsRunMode => !IsPublishMode;
}
