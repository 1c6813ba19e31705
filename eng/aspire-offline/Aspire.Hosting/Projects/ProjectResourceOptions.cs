namespace Aspire.Hosting;

/// <summary>How a project is added.</summary>
public sealed class ProjectResourceOptions
{
    /// <summary>The launch profile to use. Default: the one named like the AppHost's own, else the first.</summary>
    public string? LaunchProfileName { get; set; }

    /// <summary>Whether to use no launch profile. Default: false.</summary>
    public bool ExcludeLaunchProfile { get; set; }
}
