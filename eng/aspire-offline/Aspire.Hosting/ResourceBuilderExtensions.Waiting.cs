using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    private static readonly HttpClient HealthClient = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) });

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
        path ??= "/";
        var expected = statusCode ?? 200;
        var key = $"{builder.Resource.Name}_{endpoint.EndpointName}_{path}_{expected}_check";
        builder.ApplicationBuilder.Services.AddHealthChecks().AddAsyncCheck(key, async cancellationToken =>
        {
            using var answer = await HealthClient.GetAsync(new Uri(new Uri(endpoint.Url), path), cancellationToken);
            return (int)answer.StatusCode == expected
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"{path} answered {(int)answer.StatusCode}, not {expected}.");
        }, timeout: TimeSpan.FromSeconds(5));
        return builder.WithAnnotation(new HealthCheckAnnotation(key));
    }
}
