using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Resources;

namespace OpenClaw.ServiceDefaults.Telemetry;

/// <summary>The <c>service.*</c> attributes of everything a process exports.</summary>
internal static class ServiceIdentity
{
    /// <summary>Names the service after its project, unless the standard environment variables (which an orchestrator sets) name
    /// it.</summary>
    public static ResourceBuilder AddServiceIdentity(
        this ResourceBuilder resource, IConfiguration configuration, IHostEnvironment environment)
    {
        bool named = !string.IsNullOrEmpty(configuration["OTEL_SERVICE_NAME"])
            || (configuration["OTEL_RESOURCE_ATTRIBUTES"] ?? "").Contains("service.name=", StringComparison.Ordinal);
        return named ? resource : resource.AddService(environment.ApplicationName);
    }
}
