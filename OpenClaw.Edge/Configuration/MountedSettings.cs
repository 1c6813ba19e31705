using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;

namespace OpenClaw.Edge.Configuration;

/// <summary>Adds the settings file that <c>OpenClaw:Edge:SettingsFile</c> names, such as one from a mounted ConfigMap. Its settings
/// override <c>appsettings.json</c> and <c>appsettings.&lt;Environment&gt;.json</c>; environment variables and the command line
/// override them.</summary>
internal static class MountedSettings
{
    private const string Setting = $"{EdgeOptions.Section}:{nameof(EdgeOptions.SettingsFile)}";

    /// <exception cref="OptionsValidationException">The setting is not the full path of an existing file.</exception>
    public static WebApplicationBuilder AddMountedSettings(this WebApplicationBuilder builder)
    {
        if (builder.Configuration[Setting] is not { Length: > 0 } path)
        {
            return builder;
        }

        if (!Path.IsPathFullyQualified(path) || !File.Exists(path))
        {
            string error =
                $"{Setting} is '{path}'; it must be the full path of an existing JSON file, such as /etc/openclaw/settings.json.";
            throw new OptionsValidationException(nameof(EdgeOptions), typeof(EdgeOptions), [error]);
        }

        IList<IConfigurationSource> sources = builder.Configuration.Sources;
        int last = sources.Select((source, index) => source is JsonConfigurationSource file && IsShipped(file) ? index : -1).Max();
        sources.Insert(last + 1, new JsonConfigurationSource
        {
            FileProvider = new PhysicalFileProvider(Path.GetDirectoryName(path)!),
            Path = Path.GetFileName(path),
            ReloadOnChange = last < 0 || ((JsonConfigurationSource)sources[last]).ReloadOnChange,
        });
        return builder;
    }

    // User secrets are excluded: they keep their precedence over mounted settings.
    private static bool IsShipped(JsonConfigurationSource file) =>
        file.Path?.StartsWith("appsettings.", StringComparison.Ordinal) == true;
}
