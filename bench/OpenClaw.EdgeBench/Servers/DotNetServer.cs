namespace OpenClaw.EdgeBench.Servers;

/// <summary>Starts the services of this repository.</summary>
internal static class DotNetServer
{
    /// <summary>A command that binds another one to processors; empty for null.</summary>
    /// <param name="processors">As <c>taskset</c> names them.</param>
    public static IReadOnlyList<string> BoundTo(string? processors) => processors is null ? [] : ["taskset", "-c", processors];

    /// <param name="name">Name in reports.</param>
    /// <param name="project">Its project.</param>
    /// <param name="environment">Variables.</param>
    /// <param name="prefix">A command that starts it, such as <c>taskset</c>; empty for none.</param>
    /// <param name="folder">Folder of its published output; null for the build output.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async Task<Server> StartAsync(
        string name,
        string project,
        IEnumerable<KeyValuePair<string, string>> environment,
        IReadOnlyList<string> prefix,
        string? folder,
        CancellationToken cancellationToken)
    {
        int port = Server.FreePort(), management = Server.FreePort();
        folder ??= Repository.OutputOf(project);
        Dictionary<string, string> all = new(environment)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
            ["OpenClaw__Management__Port"] = $"{management}",
        };
        string[] command = [.. prefix, "dotnet", Path.Combine(folder, project + ".dll")];
        Server server = await Server.StartAsync(name, port, command[0], command[1..], folder, all, cancellationToken);
        server.ManagementUrl = new Uri($"http://127.0.0.1:{management}");
        return server;
    }
}
