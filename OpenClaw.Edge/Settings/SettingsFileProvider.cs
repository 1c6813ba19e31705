using Microsoft.Extensions.Configuration.Json;

namespace OpenClaw.Edge.Settings;

/// <summary>A JSON file of settings that goes on saying what it last said when it changes into something that cannot be read. .NET's own provider then says nothing at
/// all and tells nobody: with the next change of anything else the rest would be in force without it, routes and deny lists among what is gone.</summary>
internal sealed class SettingsFileProvider(JsonConfigurationSource source) : JsonConfigurationProvider(source)
{
    private bool _isLoaded;

    /// <summary>Why the file as it is now cannot be read; null when it can.</summary>
    private volatile string? _error;

    /// <summary>Why files of a configuration cannot be read as they are now.</summary>
    public static List<string> ErrorsIn(IConfiguration configuration) =>
        [.. ((IConfigurationRoot)configuration).Providers.OfType<SettingsFileProvider>().Select(provider => provider._error).OfType<string>()];

    public override void Load(Stream stream)
    {
        try
        {
            base.Load(stream);
            (_isLoaded, _error) = (true, null);
        }
        catch (FormatException exception) when (_isLoaded)
        {
            _error = $"{Source.Path} cannot be read: {exception.InnerException?.Message ?? exception.Message}";
        }
    }
}
