using System.Net.Sockets;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Adds an HTTP endpoint.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="port">The port that clients use; null: any free one.</param>
    /// <param name="targetPort">The port that the resource listens on; null: any free one. Not for a project with replicas.</param>
    /// <param name="name">Default: http.</param>
    /// <param name="env">The environment variable that tells the resource the port to listen on.</param>
    /// <param name="isProxied">Only true, which is the default.</param>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? name = null, string? env = null, bool? isProxied = null)
        where T : IResourceWithEndpoints => builder.WithEndpoint(port, targetPort, "http", name, env, isProxied);

    /// <summary>Adds an endpoint.</summary>
    /// <exception cref="DistributedApplicationException">The resource has one of that name.</exception>
    public static IResourceBuilder<T> WithEndpoint<T>(
        this IResourceBuilder<T> builder, int? port = null, int? targetPort = null, string? scheme = null, string? name = null,
        string? env = null, bool? isProxied = null, bool? isExternal = null, ProtocolType? protocol = null)
        where T : IResourceWithEndpoints
    {
        if (isProxied == false || protocol is not (null or ProtocolType.Tcp))
        {
            throw new DistributedApplicationException($"Resource '{builder.Resource.Name}': the offline Aspire has proxied TCP endpoints only.");
        }

        var endpoint = new EndpointAnnotation(scheme, name, port, targetPort) { IsExternal = isExternal ?? false };
        if (builder.GetEndpoint(endpoint.Name).Exists)
        {
            throw new DistributedApplicationException($"Endpoint with name '{endpoint.Name}' already exists on resource '{builder.Resource.Name}'.");
        }

        if (env is not null && builder is IResourceBuilder<IResourceWithEnvironment> withEnvironment)
        {
            withEnvironment.WithEnvironment(env, builder.GetEndpoint(endpoint.Name).Property(EndpointProperty.TargetPort));
        }

        return builder.WithAnnotation(endpoint);
    }

    /// <summary>Opens the resource's HTTP and HTTPS endpoints to the outside world.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder) where T : IResourceWithEndpoints
    {
        foreach (var endpoint in builder.Resource.Annotations.OfType<EndpointAnnotation>().Where(endpoint => endpoint.IsHttp))
        {
            endpoint.IsExternal = true;
        }

        return builder;
    }

    /// <summary>Refers to an endpoint, which may be added later.</summary>
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name)
        where T : IResourceWithEndpoints => new(builder.Resource, name);
}
