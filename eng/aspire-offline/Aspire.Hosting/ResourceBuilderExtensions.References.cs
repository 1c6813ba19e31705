using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Gives a resource another one's connection string, as <c>ConnectionStrings__name</c>, and its parts, as <c>NAME_PART</c>.</summary>
    /// <param name="builder">Who gets it.</param>
    /// <param name="source">Whose it is.</param>
    /// <param name="connectionName">Default: the source's name.</param>
    /// <param name="optional">Whether it may be missing; it is left out then.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        connectionName ??= source.Resource.Name;
        AddReferences(builder, source.Resource);
        return builder.WithEnvironment(async context =>
        {
            if (optional && context.ExecutionContext.IsRunMode
                && string.IsNullOrEmpty(await source.Resource.GetConnectionStringAsync(context.CancellationToken)))
            {
                return;
            }

            context.EnvironmentVariables[$"ConnectionStrings__{connectionName}"] = source.Resource;
            foreach (var (part, value) in source.Resource.GetConnectionProperties())
            {
                context.EnvironmentVariables[$"{VariableName(connectionName)}_{part.ToUpperInvariant()}"] = value;
            }
        });
    }

    /// <summary>Gives a resource the endpoints of another one, for service discovery and as <c>NAME_ENDPOINT</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment => builder.WithEndpoints(source.Resource, _ => true);

    /// <summary>Gives a resource one endpoint of another one, for service discovery and as <c>NAME_ENDPOINT</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, EndpointReference endpointReference)
        where TDestination : IResourceWithEnvironment =>
        builder.WithEndpoints(endpointReference.Resource, endpoint => SameName(endpoint.Name, endpointReference.EndpointName));

    /// <summary>Gives a resource the address of something outside, for service discovery.</summary>
    /// <exception cref="InvalidOperationException">The address is relative or has a path.</exception>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(this IResourceBuilder<TDestination> builder, string name, Uri uri)
        where TDestination : IResourceWithEnvironment
    {
        if (!uri.IsAbsoluteUri || uri.AbsolutePath != "/")
        {
            throw new InvalidOperationException($"The address of '{name}' must be absolute and without a path: {uri}");
        }

        return builder.WithEnvironment($"services__{name}__default__0", uri.ToString());
    }

    private static IResourceBuilder<TDestination> WithEndpoints<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceWithEndpoints source, Func<EndpointAnnotation, bool> filter)
        where TDestination : IResourceWithEnvironment
    {
        AddReferences(builder, source);
        return builder.WithEnvironment(context =>
        {
            foreach (var endpoint in source.Annotations.OfType<EndpointAnnotation>().Where(filter))
            {
                var reference = new EndpointReference(source, endpoint.Name);
                context.EnvironmentVariables[$"{VariableName(source.Name)}_{VariableName(endpoint.Name)}"] = reference;

                var key = endpoint.Name is "http" or "https" ? endpoint.UriScheme : endpoint.Name;
                var index = Enumerable.Range(0, int.MaxValue).First(n => !context.EnvironmentVariables.ContainsKey($"services__{source.Name}__{key}__{n}"));
                context.EnvironmentVariables[$"services__{source.Name}__{key}__{index}"] = reference;
            }
        });
    }

    private static string VariableName(string name) => name.Replace('-', '_').ToUpperInvariant();
}
