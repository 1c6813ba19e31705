using Aspire.Hosting.Bundle;

namespace Aspire.Hosting.Dashboard;

internal sealed class DashboardHost : IDashboardHost
{
    public Task<DashboardLaunch> StartAsync(AspireBundle bundle, CancellationToken cancellationToken) =>
        throw new NotImplementedException("The dashboard is not there yet: set ASPIRE_DISABLE_DASHBOARD=true.");

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
