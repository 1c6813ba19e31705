namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Gives a resource another one's connection string, as <c>ConnectionStrings__name</c>, and its parts, as <c>NAME_PART</c>.</summary>
    /// <param name="builder">Who gets it.</param>
    /// <param name="source">Whose it is.</param>
    /// <param name="connectionName">Default: the source's name.</param>
    /// <param name="optional">Only false, which is the default.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null, bool optional = false)
        where TDestination : IResourceWithEnvironment
    {
        if (optional)
        {
            throw new DistributedApplicationException($"The reference to '{source.Resource.Name}': the offline Aspire has no optional references.");
        }

        connectionName ??= source.Resource.Name;
        AddReferences(builder, source.Resource);
        return builder.WithEnvironment(context =>
        {
            context.Variables[$"ConnectionStrings__{connectionName}"] = source.Resource;
            foreach (var (part, value) in source.Resource.GetConnectionProperties())
            {
                context.Variables[$"{VariableName(connectionName)}_{part.ToUpperInvariant()}"] = value;
            }
        });
    }

    /// <summary>Gives a resource the endpoints of another one, for service discovery and as <c>NAME_ENDPOINT</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment
    {
        var owner = source.Resource;
        AddReferences(builder, owner);
        return builder.WithEnvironment(context =>
        {
            foreach (var endpoint in owner.Annotations.OfType<EndpointAnnotation>())
            {
                var reference = new EndpointReference(owner, endpoint.Name);
                context.Variables[$"{VariableName(owner.Name)}_{VariableName(endpoint.Name)}"] = reference;

                var key = endpoint.Name is "http" or "https" ? endpoint.UriScheme : endpoint.Name;
                var index = Enumerable.Range(0, int.MaxValue).First(n => !context.Variables.ContainsKey($"services__{owner.Name}__{key}__{n}"));
                context.Variables[$"services__{owner.Name}__{key}__{index}"] = reference;
            }
        });
    }

    private static string VariableName(string name) => name.Replace('-', '_').ToUpperInvariant();
}
