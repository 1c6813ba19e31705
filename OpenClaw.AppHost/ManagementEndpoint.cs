namespace OpenClaw.AppHost;

/// <summary>The management listeners of the services: probes, metrics, the edge's admin API.</summary>
internal static class ManagementEndpoint
{
    public const string Name = "management";

    private const string Port = "OpenClaw__Management__Port";

    /// <summary>Gives every replica its own management port behind one address, and adds its health check there.</summary>
    /// <param name="service">The service.</param>
    /// <param name="port">The port in front of the replicas; null for any free one.</param>
    public static IResourceBuilder<T> WithManagementEndpoint<T>(this IResourceBuilder<T> service, int? port = null)
        where T : ProjectResource
    {
        // Services open this port themselves, so it is neither in ASP.NET Core's URLs nor available to service discovery.
        ProjectResourceBuilderExtensions.WithEndpointsInEnvironment(service, endpoint => endpoint.Name != Name);
        return service
            .WithHttpEndpoint(port, name: Name, env: Port)
            .WithEndpoint(Name, endpoint => endpoint.ExcludeReferenceEndpoint = true, createIfNotExists: false)
            .WithHttpHealthCheck("/health", endpointName: Name)
            .WithoutLink(Name);
    }
}
