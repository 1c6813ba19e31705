using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenClaw.ServiceDefaults;
using OpenClaw.ServiceDefaults.Health;
using OpenClaw.ServiceDefaults.Management;
using OpenClaw.ServiceDefaults.Resilience;
using OpenClaw.ServiceDefaults.Telemetry;

namespace Microsoft.Extensions.Hosting;

/// <summary>Defaults of all OpenClaw services: telemetry, health, the management listener, service discovery and resilient outgoing
/// HTTP.</summary>
public static class ServiceDefaults
{
    /// <summary>Registers the defaults. Nothing is sent or opened before the host starts. Then the management listener serves
    /// <c>/health</c>, <c>/alive</c> and, where enabled, <c>/metrics</c>, in every environment.</summary>
    /// <exception cref="Options.OptionsValidationException">At start: a setting under <c>OpenClaw:Management</c>,
    /// <c>OpenClaw:Metrics:Prometheus</c> or <c>OpenClaw:Traces</c> is out of range, or one under <c>OpenClaw</c> is unknown.</exception>
    /// <exception cref="IOException">At start: the address of <c>OpenClaw:Management</c> cannot be used.</exception>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddSingleton<IConfigureOptions<KestrelServerOptions>, StartValidation>();
        builder.AddTelemetry();
        builder.AddDefaultHealthChecks();
        builder.AddManagement();
        builder.AddOutgoingHttp();
        return builder;
    }

    /// <summary>Runs a service until it is told to stop. Errors that its operator can fix, such as invalid settings, are written to
    /// standard error, one line each, without a stack trace.</summary>
    /// <param name="create">Builds the service.</param>
    /// <returns>The exit code: 0, or 1 when it could not start.</returns>
    public static async Task<int> RunAsync(Func<IHost> create)
    {
        try
        {
            IHost host = create();
            // Hosts without Kestrel validate here.
            host.Services.GetService<IStartupValidator>()?.Validate();
            await host.RunAsync();
            return 0;
        }
        catch (Exception exception) when (StartFailure.ReasonsOf(exception) is { Count: > 0 } reasons)
        {
            foreach (string reason in reasons)
            {
                await Console.Error.WriteLineAsync(LogText.Clean(reason));
            }

            return 1;
        }
    }
}
