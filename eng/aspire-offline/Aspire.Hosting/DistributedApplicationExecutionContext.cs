namespace Aspire.Hosting;

/// <summary>Tells a run from a publish.</summary>
public sealed class DistributedApplicationExecutionContext
{
    /// <summary>For the given operation.</summary>
    public DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
    {
        Operation = operation;
    }

    /// <summary>What the application was started for.</summary>
    public DistributedApplicationOperation Operation { get; }

    /// <summary>Whether it writes its description.</summary>
    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;

    /// <summary>Whether it runs.</summary>
    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;
}
