namespace Aspire.Hosting;

/// <summary>What the application was started for.</summary>
public enum DistributedApplicationOperation
{
    /// <summary>To run.</summary>
    Run,

    /// <summary>To write its description.</summary>
    Publish,
}
