namespace Aspire.Hosting.Dashboard;

/// <summary>How to start the dashboard, and where it is then.</summary>
/// <param name="Environment">Its environment variables.</param>
/// <param name="FrontEnd">The addresses of its pages.</param>
/// <param name="LoginUrl">The link that opens it.</param>
/// <param name="OtlpEndpoint">Where it takes telemetry.</param>
/// <param name="OtlpApiKey">The key that it wants with telemetry.</param>
internal sealed record DashboardLaunch(IReadOnlyDictionary<string, string> Environment, IReadOnlyList<string> FrontEnd, string LoginUrl, string OtlpEndpoint, string OtlpApiKey);
