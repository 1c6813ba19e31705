using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace OpenClaw.Edge.Commands;

/// <summary>Describes where the pepper was configured, never its value.</summary>
internal static class PepperSource
{
    private const string Sample = "appsettings.Development.json";

    /// <summary>Describes the source in one sentence.</summary>
    public static string Describe(IConfiguration configuration, string path) => SourceOf(configuration, path) switch
    {
        Sample => $"Hashed with the development pepper of {Sample}, which is public: an edge in production would not accept the key.",
        var source => $"Hashed with the pepper from {source}.",
    };

    private static string SourceOf(IConfiguration configuration, string path) =>
        (configuration as IConfigurationRoot)?.Providers.LastOrDefault(provider => provider.TryGet(path, out _)) switch
        {
            FileConfigurationProvider { Source.Path: { } file } => file,
            EnvironmentVariablesConfigurationProvider => "the environment variables",
            CommandLineConfigurationProvider => "the command line, which shells keep and other users see",
            _ => "the configuration",
        };
}
