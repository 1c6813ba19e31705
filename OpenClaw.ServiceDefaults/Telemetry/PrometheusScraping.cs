using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OpenClaw.ServiceDefaults.Telemetry;

/// <summary>The scrape endpoint, as <see cref="PrometheusOptions"/> say.</summary>
internal static class PrometheusScraping
{
    public static void UsePrometheusScraping(this WebApplication app)
    {
        PrometheusOptions options = app.Services.GetRequiredService<IOptions<PrometheusOptions>>().Value;
        if (!options.Enabled)
        {
            return;
        }

        // By the connection's port, not by the Host header, which is the client's to choose.
        app.UseOpenTelemetryPrometheusScrapingEndpoint(context =>
            context.Request.Path == options.Path && (options.Port is null || context.Connection.LocalPort == options.Port));
        app.Lifetime.ApplicationStarted.Register(() =>
        {
            if (options.Port is { } port && !app.Urls.Any(url => BindingAddress.Parse(url).Port == port))
            {
                Log.ScrapePortNotServed(app.Logger, port, string.Join(' ', app.Urls));
            }
        });
    }
}
