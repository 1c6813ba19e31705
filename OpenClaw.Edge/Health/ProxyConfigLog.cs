using Yarp.ReverseProxy.Configuration;

namespace OpenClaw.Edge.Health;

/// <summary>Logs refused changes of routes and clusters, once per distinct error, and the next successful change.</summary>
internal sealed class ProxyConfigLog(ILogger<ProxyConfigLog> logger) : IConfigChangeListener
{
    private string? _fault;
    private bool _isLoadFailed;

    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception)
    {
        _isLoadFailed = true;
        Refused(exception);
    }

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception) => Refused(exception);

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        // Loaded, but not yet applied.
    }

    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        // YARP reports this also when it could not load the change, and has applied the last version again.
        if (Interlocked.Exchange(ref _isLoadFailed, false))
        {
            return;
        }

        if (Interlocked.Exchange(ref _fault, null) is not null)
        {
            Log.RoutesInForce(logger);
        }
    }

    private void Refused(Exception exception)
    {
        string fault = Describe(exception);
        if (Interlocked.Exchange(ref _fault, fault) != fault)
        {
            Log.RoutesRefused(logger, fault);
        }
    }

    private static string Describe(Exception exception) => exception switch
    {
        AggregateException errors => string.Join(" ", errors.Flatten().InnerExceptions.Select(Describe)),
        { InnerException: { } inner } => $"{exception.Message} {Describe(inner)}",
        _ => exception.Message,
    };
}
