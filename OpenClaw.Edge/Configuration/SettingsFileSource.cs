using Microsoft.Extensions.Configuration.Json;

namespace OpenClaw.Edge.Configuration;

/// <summary>Reads a JSON file by <see cref="SettingsFileProvider"/>.</summary>
internal sealed class SettingsFileSource : JsonConfigurationSource
{
    private SettingsFileWatcher? _watcher;

    /// <summary>Replaces all JSON file sources of a configuration.</summary>
    public static void ReplaceIn(IList<IConfigurationSource> sources)
    {
        SettingsFileWatcher watcher = new();
        for (int i = 0; i < sources.Count; i++)
        {
            if (sources[i] is JsonConfigurationSource file and not SettingsFileSource)
            {
                sources[i] = new SettingsFileSource
                {
                    FileProvider = file.FileProvider,
                    Path = file.Path!,
                    Optional = file.Optional,
                    OnLoadException = file.OnLoadException,
                    _watcher = file.ReloadOnChange ? watcher : null,
                };
            }
        }
    }

    public override IConfigurationProvider Build(IConfigurationBuilder builder)
    {
        EnsureDefaults(builder);
        return new SettingsFileProvider(this, _watcher);
    }
}
