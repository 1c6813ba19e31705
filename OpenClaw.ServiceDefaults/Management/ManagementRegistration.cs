using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenClaw.ServiceDefaults.Telemetry;
using OpenTelemetry.Instrumentation.AspNetCore;

namespace OpenClaw.ServiceDefaults.Management;

/// <summary>Registers the management listener.</summary>
internal static class ManagementRegistration
{
    public static void AddManagement(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ManagementOptions>()
            .Configure<IConfiguration>((options, configuration) => ManagementOptionsReader.Read(configuration, options, errors: []))
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ManagementOptions>, ManagementOptionsValidator>();
        builder.Services.AddOptions<AspNetCoreTraceInstrumentationOptions>().Configure<IOptions<PrometheusOptions>>(
            (traces, metrics) => traces.Filter = context => !ManagementServer.IsProbe(context, metrics.Value));
        // A WebApplicationBuilder registers its own server last: services start in this order and stop in the opposite one.
        builder.Services.AddSingleton(services => new ManagementServer(services));
        builder.Services.AddHostedService(services => services.GetRequiredService<ManagementServer>());
    }
}
