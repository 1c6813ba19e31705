using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.ServiceDefaults.Management;

/// <summary>Endpoints that a service adds to its management listener, in addition to probes and metrics. Register implementations as
/// singletons.</summary>
public interface IManagementEndpoints
{
    /// <summary>Registers the services of the endpoints. The listener has its own container, so that options such as those of JSON do not
    /// apply to the public server.</summary>
    void AddServices(IServiceCollection services);

    /// <summary>Adds middleware and endpoints. Called once, when the listener starts. Probes and metrics are endpoints that allow anonymous
    /// requests, and pass through the middleware too.</summary>
    void Map(WebApplication app);
}
