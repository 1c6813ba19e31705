using Microsoft.Extensions.Configuration.Json;

namespace OpenClaw.Edge.Configuration;

/// <summary>Adds <see cref="FileName"/> in Development: a file that Git ignores, for experiments without editing a tracked file. Its
/// settings override <c>appsettings.Development.json</c>; user secrets, environment variables and the command line override them.</summary>
internal static class LocalSettings
{
    /// <summary>Optional file beside <c>appsettings.json</c>.</summary>
    public const string FileName = "appsettings.Local.json";

    public static WebApplicationBuilder AddLocalSettings(this WebApplicationBuilder builder)
    {
        if (!builder.Environment.IsDevelopment())
        {
            return builder;
        }

        IList<IConfigurationSource> sources = builder.Configuration.Sources;
        for (int i = sources.Count - 1; i >= 0; i--)
        {
            if (sources[i] is JsonConfigurationSource { Path: "appsettings.Development.json" } development)
            {
                sources.Insert(i + 1, new JsonConfigurationSource
                {
                    FileProvider = development.FileProvider,
                    Path = FileName,
                    Optional = true,
                    ReloadOnChange = development.ReloadOnChange,
                });
                break;
            }
        }

        return builder;
    }
}
