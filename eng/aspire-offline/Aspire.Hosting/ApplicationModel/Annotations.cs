namespace Aspire.Hosting.ApplicationModel;

internal sealed record ArgumentsAnnotation(Func<IEnumerable<string>> Get) : IResourceAnnotation;

internal sealed record ContainerImageAnnotation(string Registry, string Image, string Tag) : IResourceAnnotation
{
    public override string ToString() => $"{Registry}/{Image}:{Tag}";
}

/// <param name="Callback">Adds environment variables: strings, or values that are known when the application runs.</param>
internal sealed record EnvironmentAnnotation(Action<EnvironmentContext> Callback) : IResourceAnnotation;

internal sealed record EnvironmentContext(IResource Resource, Dictionary<string, object> Variables);

internal sealed record ForwardedHeadersDisabledAnnotation : IResourceAnnotation;

internal sealed record HealthCheckAnnotation(string Key) : IResourceAnnotation;

internal sealed record ReferenceAnnotation(IResource Resource, string Relationship) : IResourceAnnotation;

internal sealed record ReplicaAnnotation(int Replicas) : IResourceAnnotation;

internal sealed record WaitAnnotation(IResource Resource) : IResourceAnnotation;
