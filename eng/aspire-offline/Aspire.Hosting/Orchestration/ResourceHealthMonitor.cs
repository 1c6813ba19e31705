using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Orchestration;

/// <summary>Asks the health checks of every resource that is running: often until they pass, and seldom then.</summary>
internal sealed class ResourceHealthMonitor(
    DistributedApplicationModel model, ResourceNotificationService notifications, HealthCheckService health)
    : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan WhileHealthy = TimeSpan.FromSeconds(10);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(model.Resources.Where(resource => resource.Annotations.OfType<HealthCheckAnnotation>().Any())
            .Select(resource => MonitorAsync(resource, stoppingToken)));

    private async Task MonitorAsync(IResource resource, CancellationToken cancellationToken)
    {
        var checks = resource.Annotations.OfType<HealthCheckAnnotation>().Select(check => check.Key).ToHashSet();
        using var timer = new PeriodicTimer(Tick);
        var next = DateTime.MinValue;
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            var running = notifications.StatesOf(resource).Where(state => state.Snapshot.State?.Text == KnownResourceStates.Running).ToArray();
            if (running.Length == 0 || (running.All(state => state.Snapshot.HealthStatus == HealthStatus.Healthy) && DateTime.UtcNow < next))
            {
                continue;
            }

            var report = await health.CheckHealthAsync(check => checks.Contains(check.Name), cancellationToken);
            var reports = report.Entries
                .Select(entry => new HealthReportSnapshot(entry.Key, entry.Value.Status, entry.Value.Description, entry.Value.Exception?.Message))
                .ToImmutableArray();
            foreach (var state in running)
            {
                await notifications.PublishUpdateAsync(resource, state.ResourceId, snapshot =>
                    snapshot.HealthReports.SequenceEqual(reports) ? snapshot : snapshot with { HealthReports = reports });
            }

            next = DateTime.UtcNow + WhileHealthy;
        }
    }
}
