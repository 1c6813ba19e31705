namespace Aspire.Hosting;

/// <summary>Tells a run from a publish.</summary>
public sealed class DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
{
    /// <summary>Whether the application writes its description.</summary>
    public bool IsPublishMode => operation == DistributedApplicationOperation.Publish;

    /// <summary>Whether the application runs.</summary>
    public bool IsRunMode => operation == DistributedApplicationOperation.Run;
}
