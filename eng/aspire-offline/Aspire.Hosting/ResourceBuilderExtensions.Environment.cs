namespace Aspire.Hosting;

/// <summary>What can be said about resources of every kind.</summary>
public static partial class ResourceBuilderExtensions
{
    /// <summary>Sets an environment variable.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment => builder.WithEnvironment(context => context.Variables[name] = value ?? string.Empty);

    /// <summary>Sets an environment variable to a parameter's value.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : IResourceWithEnvironment => builder.WithEnvironment(name, (IExpressionValue)parameter.Resource);

    /// <summary>Sets an environment variable to a value that is known when the application runs.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, IExpressionValue value)
        where T : IResourceWithEnvironment
    {
        AddReferences(builder, value);
        return builder.WithEnvironment(context => context.Variables[name] = value);
    }

    internal static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, Action<EnvironmentContext> callback)
        where T : IResource => builder.WithAnnotation(new EnvironmentAnnotation(callback));

    private static void AddReferences<T>(IResourceBuilder<T> builder, object value) where T : IResource
    {
        if (value is IResource resource)
        {
            builder.WithAnnotation(new ReferenceAnnotation(resource, "Reference"));
        }
        else if (value is IValueWithReferences made)
        {
            foreach (var part in made.References)
            {
                AddReferences(builder, part);
            }
        }
    }
}
