using System.Runtime.CompilerServices;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace OpenClaw.Edge.Health;

/// <summary>Excludes a destination when too many connections to it fail. Other failures do not count, such as timeouts and connections
/// broken during a request: one client can cause any number of them, and would shut out all others. Logs once when a destination is
/// excluded, and once when requests to it succeed again.</summary>
/// <param name="policy">YARP's policy, which computes the rate of failures.</param>
/// <param name="logger">The log.</param>
internal sealed class PassiveHealthPolicy(IPassiveHealthCheckPolicy policy, ILogger<PassiveHealthPolicy> logger) : IPassiveHealthCheckPolicy
{
    /// <summary>Time for which requests count. YARP excludes a destination for at least this time, and counts in steps of a second. It is
    /// well below <see cref="ShortestReactivation"/>, so that failures before an exclusion do not cause the next one.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    /// <summary>The shortest <c>ReactivationPeriod</c> that a cluster may have.</summary>
    public static readonly TimeSpan ShortestReactivation = TimeSpan.FromSeconds(10);

    private readonly ConditionalWeakTable<DestinationState, PassiveHealthPolicy> _failing = [];

    public string Name => policy.Name;

    public void RequestProxied(HttpContext context, ClusterState cluster, DestinationState destination)
    {
        IForwarderErrorFeature? failure = context.Features.Get<IForwarderErrorFeature>();
        if (failure is null || IsConnectionFailure(failure))
        {
            policy.RequestProxied(context, cluster, destination);
        }

        if (destination.Health.Passive == DestinationHealth.Unhealthy)
        {
            if (_failing.TryAdd(destination, this))
            {
                Log.UpstreamExcluded(logger, destination.DestinationId, cluster.ClusterId);
            }
        }
        else if (failure is null && _failing.TryGetValue(destination, out _) && _failing.Remove(destination))
        {
            Log.UpstreamIncluded(logger, destination.DestinationId, cluster.ClusterId);
        }
    }

    private static bool IsConnectionFailure(IForwarderErrorFeature failure) => failure.Error switch
    {
        ForwarderError.Request => failure.Exception is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError
                or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError
                or HttpRequestError.ProxyTunnelError,
        },
        // A connect timeout has this inner exception; an activity timeout has none.
        ForwarderError.RequestTimedOut => failure.Exception?.InnerException is TimeoutException,
        _ => false,
    };
}
