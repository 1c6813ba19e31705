using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;

namespace OpenClaw.ServiceDefaults.Telemetry;

/// <summary>The scrape endpoint, where <see cref="PrometheusOptions"/> enable it.</summary>
internal static class PrometheusScraping
{
    /// <param name="endpoints">The management listener's endpoints.</param>
    /// <param name="service">The service whose metrics are scraped.</param>
    public static void MapPrometheusScraping(this IEndpointRouteBuilder endpoints, IServiceProvider service)
    {
        PrometheusOptions options = service.GetRequiredService<IOptions<PrometheusOptions>>().Value;
        if (options.Enabled)
        {
            endpoints.MapPrometheusScrapingEndpoint(
                options.Path, service.GetRequiredService<MeterProvider>(), configureBranchedPipeline: null, optionsName: null)
                .AllowAnonymous()
                .DisableHttpMetrics();
        }
    }
}
