using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Orchestration;

/// <summary>Healthy when a path answers with the expected status.</summary>
internal sealed class HttpEndpointHealthCheck(IHttpClientFactory clients, EndpointReference endpoint, string path, int expectedStatus) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            using var client = clients.CreateClient();
            using var answer = await client.GetAsync(new Uri(new Uri(endpoint.Url), path), cancellationToken);
            return (int)answer.StatusCode == expectedStatus
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"{path} answered {(int)answer.StatusCode}, not {expectedStatus}.");
        }
        catch (HttpRequestException error)
        {
            return HealthCheckResult.Unhealthy($"{path} did not answer.", error);
        }
    }
}
