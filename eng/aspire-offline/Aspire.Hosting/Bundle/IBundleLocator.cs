namespace Aspire.Hosting.Bundle;

/// <summary>Finds the orchestrator and the dashboard, and fetches them when they are not there.</summary>
internal interface IBundleLocator
{
    Task<AspireBundle> EnsureAsync(CancellationToken cancellationToken);
}

/// <param name="DcpPath">The orchestrator's executable.</param>
/// <param name="DashboardPath">The dashboard's executable.</param>
internal sealed record AspireBundle(string DcpPath, string DashboardPath);
