namespace Aspire.Hosting.Dashboard;

/// <summary>What the dashboard needs from the AppHost while it runs.</summary>
internal interface IDashboardHost
{
    /// <summary>Starts to serve the resources' state, and describes the dashboard's process.</summary>
    Task<DashboardLaunch> StartAsync(AspireBundle bundle, CancellationToken cancellationToken);

    Task StopAsync(CancellationToken cancellationToken);
}

/// <summary>How to start the dashboard, and where it is then.</summary>
/// <param name="ExecutablePath">The dashboard's executable.</param>
/// <param name="Args">Its command line.</param>
/// <param name="Environment">Its environment variables.</param>
/// <param name="LoginUrl">The link that opens it.</param>
/// <param name="OtlpEndpoint">Where it takes telemetry.</param>
/// <param name="OtlpApiKey">The key that it wants with telemetry; null: none.</param>
internal sealed record DashboardLaunch(
    string ExecutablePath,
    IReadOnlyList<string> Args,
    IReadOnlyDictionary<string, string> Environment,
    string LoginUrl,
    string OtlpEndpoint,
    string? OtlpApiKey);
