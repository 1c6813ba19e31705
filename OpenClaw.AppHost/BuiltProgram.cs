namespace OpenClaw.AppHost;

/// <summary>Starts projects from their build output.</summary>
internal static class BuiltProgram
{
    /// <summary>
    /// Starts the project with <c>dotnet exec</c> instead of <c>dotnet run</c>, which evaluates the project again: about a second of
    /// processor time per process.
    /// A debugging IDE still starts the project itself. Without build output in the usual place, <c>dotnet run</c> is used.
    /// </summary>
    public static IResourceBuilder<T> StartedFromItsBuild<T>(this IResourceBuilder<T> project)
        where T : ProjectResource
    {
        var program = FindOutput(project.Resource.GetProjectMetadata().ProjectPath);
        if (project.ApplicationBuilder.ExecutionContext.IsPublishMode || !File.Exists(program))
        {
            return project;
        }

#pragma warning disable ASPIREEXTENSION001 // Experimental in 13.6.
        return project.WithLaunchToolArgs(
            context =>
            {
                context.Args.Add("exec");
                context.Args.Add(program);
            },
            ownedByLaunchConfigurationType: "project",
            showInCommandLine: false);
#pragma warning restore ASPIREEXTENSION001
    }

    /// <summary>Path of a project's program. Projects are built with the AppHost: same configuration, same framework.</summary>
    internal static string FindOutput(string projectPath)
    {
        var framework = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.Combine(
            Path.GetDirectoryName(projectPath)!, "bin", framework.Parent!.Name, framework.Name,
                $"{Path.GetFileNameWithoutExtension(projectPath)}.dll");
    }
}
