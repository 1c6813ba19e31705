using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Starts the resource only when another one is running and its health checks pass.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport => ReferenceEquals(builder.Resource, dependency.Resource)
        ? throw new DistributedApplicationException($"The '{builder.Resource.Name}' resource cannot wait for itself.")
        : builder
            .WithAnnotation(new ReferenceAnnotation(dependency.Resource, "WaitFor"))
            .WithAnnotation(new WaitAnnotation(dependency.Resource));

    /// <summary>Adds a health check that requests a path.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="path">Default: /.</param>
    /// <param name="statusCode">What healthy answers. Default: 200.</param>
    /// <param name="endpointName">Default: http, else https.</param>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        var endpoint = builder.GetEndpoint(endpointName ?? "http");
        var key = $"{builder.Resource.Name}_{endpoint.EndpointName}_{path ?? "/"}_{statusCode ?? 200}_check";
        builder.ApplicationBuilder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            key,
            services => new HttpEndpointHealthCheck(services.GetRequiredService<IHttpClientFactory>(), endpoint, path ?? "/", statusCode ?? 200),
            failureStatus: null,
            tags: null,
            timeout: TimeSpan.FromSeconds(5)));
        return builder.WithAnnotation(new HealthCheckAnnotation(key));
    }
}
