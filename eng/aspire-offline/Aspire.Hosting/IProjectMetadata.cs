namespace Aspire.Hosting;

/// <summary>Where a project is. The build makes one such class for every project that the AppHost references.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>The full path of the project file.</summary>
    string ProjectPath { get; }
}
