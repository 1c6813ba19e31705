namespace Aspire.Hosting.ApplicationModel;

/// <summary>A container.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="entrypoint">What to run in place of the image's entrypoint.</param>
public class ContainerResource(string name, string? entrypoint = null)
    : Resource(name), IResourceWithEnvironment, IResourceWithEndpoints, IResourceWithWaitSupport
{
    /// <summary>What to run in place of the image's entrypoint; null: the image's.</summary>
    public string? Entrypoint { get; set; } = entrypoint;
}
