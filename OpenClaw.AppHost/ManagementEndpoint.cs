namespace OpenClaw.AppHost;

/// <summary>The management listeners of the services: probes, metrics, the edge's admin API.</summary>
internal static class ManagementEndpoint
{
    public const string Name = "management";

    private const string Port = "OpenClaw__Management__Port";

    /// <summary>Gives every replica a management port of its own behind one address, and has its health asked there.</summary>
    /// <param name="service">The service.</param>
    /// <param name="port">The port in front of the replicas; null for any free one.</param>
    public static IResourceBuilder<T> WithManagementEndpoint<T>(this IResourceBuilder<T> service, int? port = null)
        where T : ProjectResource
    {
        // Services open this port themselves: it is none of those that ASP.NET Core is told to listen on, nor one that others call.
        ProjectResourceBuilderExtensions.WithEndpointsInEnvironment(service, endpoint => endpoint.Name != Name);
        return service
            .WithHttpEndpoint(port, name: Name, env: Port)
            .WithEndpoint(Name, endpoint => endpoint.ExcludeReferenceEndpoint = true, createIfNotExists: false)
            .WithHttpHealthCheck("/health", endpointName: Name)
            .WithoutLink(Name);
    }
}
