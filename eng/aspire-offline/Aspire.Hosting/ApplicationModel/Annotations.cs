namespace Aspire.Hosting.ApplicationModel;

internal sealed record EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> Callback) : IResourceAnnotation;

internal sealed record CommandLineArgsCallbackAnnotation(Func<CommandLineArgsCallbackContext, Task> Callback) : IResourceAnnotation;

internal sealed record ContainerImageAnnotation(string Registry, string Image, string Tag) : IResourceAnnotation
{
    public override string ToString() => $"{Registry}/{Image}:{Tag}";
}

internal sealed record HealthCheckAnnotation(string Key) : IResourceAnnotation;

internal sealed record LaunchProfileAnnotation(string? Name, LaunchProfile? Profile) : IResourceAnnotation;

internal sealed record ForwardedHeadersDisabledAnnotation : IResourceAnnotation;

internal sealed record ReferenceAnnotation(IResource Resource, string Relationship) : IResourceAnnotation;

internal sealed record ReplicaAnnotation(int Replicas) : IResourceAnnotation;

internal sealed record WaitAnnotation(IResource Resource, bool UntilHealthy) : IResourceAnnotation;
