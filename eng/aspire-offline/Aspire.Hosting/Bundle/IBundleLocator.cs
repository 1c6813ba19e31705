namespace Aspire.Hosting.Bundle;

/// <summary>Finds dcp and the dashboard on this machine, or gets them.</summary>
internal interface IBundleLocator
{
    /// <summary>Returns where they are; the first time on a machine this downloads them.</summary>
    /// <exception cref="DistributedApplicationException">They are not there and cannot be had; the message says what to do.</exception>
    Task<AspireBundle> EnsureAsync(CancellationToken cancellationToken);
}
