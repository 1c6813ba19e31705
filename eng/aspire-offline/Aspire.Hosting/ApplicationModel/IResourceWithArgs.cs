namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource that command line arguments can be given to.</summary>
public interface IResourceWithArgs : IResource;
