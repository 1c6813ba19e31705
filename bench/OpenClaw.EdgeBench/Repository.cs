namespace OpenClaw.EdgeBench;

/// <summary>Paths in the working tree that this program was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Bench { get; } = Path.Combine(Root, "bench");

    /// <summary>Folder of a project's own build output, in the configuration and framework of this program.</summary>
    public static string OutputOf(string project)
    {
        DirectoryInfo framework = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(Root, project, "bin", framework.Parent!.Name, framework.Name);
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("Start this from its working tree: dotnet run -c Release --project bench/OpenClaw.EdgeBench");
    }
}
