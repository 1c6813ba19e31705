namespace Aspire.Hosting.ApplicationModel;

/// <summary>A container.</summary>
public class ContainerResource : Resource, IResourceWithEnvironment, IResourceWithEndpoints, IResourceWithWaitSupport
{
    /// <param name="name">The resource's name.</param>
    /// <param name="entrypoint">What to run in place of the image's entrypoint.</param>
    public ContainerResource(string name, string? entrypoint = null)
        : base(name)
    {
        Entrypoint = entrypoint;
    }

    /// <summary>What to run in place of the image's entrypoint; null: the image's.</summary>
    public string? Entrypoint { get; set; }
}
