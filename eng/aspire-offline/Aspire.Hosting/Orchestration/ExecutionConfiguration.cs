namespace Aspire.Hosting.Orchestration;

/// <summary>What a resource is started with, as the AppHost described it.</summary>
internal static class ExecutionConfiguration
{
    public static Dictionary<string, object> Environment(IResource resource)
    {
        var context = new EnvironmentContext(resource, []);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentAnnotation>())
        {
            annotation.Callback(context);
        }

        return context.Variables;
    }

    public static string[] Arguments(IResource resource) => [.. resource.Annotations.OfType<ArgumentsAnnotation>().SelectMany(annotation => annotation.Get())];
}
