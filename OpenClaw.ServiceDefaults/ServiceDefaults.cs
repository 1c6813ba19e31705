using Microsoft.AspNetCore.Builder;
using OpenClaw.ServiceDefaults;
using OpenClaw.ServiceDefaults.Health;
using OpenClaw.ServiceDefaults.Resilience;
using OpenClaw.ServiceDefaults.Telemetry;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every OpenClaw service has in common: telemetry, health, service discovery and resilient outgoing HTTP.</summary>
public static class ServiceDefaults
{
    /// <summary>Registers the defaults. Nothing is sent or opened before the host starts.</summary>
    /// <exception cref="Options.OptionsValidationException">At start: a setting under <c>OpenClaw:Metrics:Prometheus</c> is out of range, or one under
    /// <c>OpenClaw</c> is unknown.</exception>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.AddTelemetry();
        builder.AddDefaultHealthChecks();
        builder.AddOutgoingHttp();
        return builder;
    }

    /// <summary>Maps <c>/health</c> and <c>/alive</c> in every environment, and the Prometheus scrape endpoint where it is enabled.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthEndpoints();
        app.UsePrometheusScraping();
        return app;
    }

    /// <summary>Runs a service until it is told to stop. What keeps it from starting, and is its operator's to mend, is written to standard error: one line for each error,
    /// and no stack trace.</summary>
    /// <param name="create">Builds the service.</param>
    /// <returns>The exit code: 0, or 1 when it could not start.</returns>
    public static async Task<int> RunAsync(Func<WebApplication> create)
    {
        try
        {
            await create().RunAsync();
            return 0;
        }
        catch (Exception exception) when (StartFailure.ReasonsOf(exception) is { Count: > 0 } reasons)
        {
            foreach (string reason in reasons)
            {
                await Console.Error.WriteLineAsync(reason.ReplaceLineEndings(" "));
            }

            return 1;
        }
    }
}
