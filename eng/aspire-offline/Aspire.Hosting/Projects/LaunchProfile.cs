namespace Aspire.Hosting;

/// <summary>A profile of a project's <c>Properties/launchSettings.json</c>.</summary>
internal sealed record LaunchProfile(string? CommandName, string? ApplicationUrl, Dictionary<string, string>? EnvironmentVariables)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Finds the profile of a name; for null the one named like the AppHost's own, else the first that runs the project, if there is one.</summary>
    /// <exception cref="DistributedApplicationException">There is no profile of the name that was asked for.</exception>
    public static (string? Name, LaunchProfile? Profile) Find(string projectPath, string? name, string? appHostProfile)
    {
        var path = Path.Combine(Path.GetDirectoryName(projectPath)!, "Properties", "launchSettings.json");
        var profiles = File.Exists(path) ? JsonSerializer.Deserialize<Settings>(File.ReadAllText(path), Json)!.Profiles ?? [] : [];
        if (name is not null)
        {
            return profiles.TryGetValue(name, out var named)
                ? (name, named)
                : throw new DistributedApplicationException($"There is no launch profile '{name}' in {path}.");
        }

        var runnable = profiles.Where(profile => profile.Value.CommandName == "Project").ToArray();
        var found = runnable.FirstOrDefault(profile => profile.Key == appHostProfile, runnable.FirstOrDefault());
        return (found.Key, found.Value);
    }

    private sealed record Settings(Dictionary<string, LaunchProfile>? Profiles);
}
