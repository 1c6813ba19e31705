using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace OpenClaw.Edge.Health;

/// <summary>Logs one line when an upstream's health probes begin to fail, and one when they succeed again.</summary>
internal sealed class UpstreamHealthLog(IDestinationHealthUpdater updater, ILogger<UpstreamHealthLog> logger)
    : IDestinationHealthUpdater, IDisposable
{
    public void SetActive(ClusterState cluster, IEnumerable<NewActiveDestinationHealth> newHealthPairs)
    {
        NewActiveDestinationHealth[] pairs = [.. newHealthPairs];
        foreach (NewActiveDestinationHealth pair in pairs)
        {
            (DestinationHealth before, DestinationHealth after) = (pair.Destination.Health.Active, pair.NewActiveHealth);
            if (after == DestinationHealth.Unhealthy && before != DestinationHealth.Unhealthy)
            {
                Log.UpstreamUnhealthy(logger, pair.Destination.DestinationId, cluster.ClusterId);
            }
            else if (after == DestinationHealth.Healthy && before == DestinationHealth.Unhealthy)
            {
                Log.UpstreamHealthy(logger, pair.Destination.DestinationId, cluster.ClusterId);
            }
        }

        updater.SetActive(cluster, pairs);
    }

    public void SetPassive(ClusterState cluster, DestinationState destination, DestinationHealth newHealth, TimeSpan reactivationPeriod)
        => updater.SetPassive(cluster, destination, newHealth, reactivationPeriod);

    public void Dispose() => (updater as IDisposable)?.Dispose();
}
