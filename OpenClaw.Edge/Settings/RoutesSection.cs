using Microsoft.Extensions.Primitives;

namespace OpenClaw.Edge.Settings;

/// <summary>The section of YARP's routes and clusters, which YARP reads again when <see cref="Reload"/> is called: after the policies that the routes name are in
/// force, and once however many files have changed.</summary>
internal sealed class RoutesSection(IConfiguration configuration) : IConfiguration
{
    public const string Path = "ReverseProxy";

    private readonly IConfigurationSection _section = configuration.GetSection(Path);
    private ConfigurationReloadToken _token = new();

    public string? this[string key]
    {
        get => _section[key];
        set => _section[key] = value;
    }

    public IConfigurationSection GetSection(string key) => _section.GetSection(key);

    public IEnumerable<IConfigurationSection> GetChildren() => _section.GetChildren();

    public IChangeToken GetReloadToken() => _token;

    public void Reload() => Interlocked.Exchange(ref _token, new ConfigurationReloadToken()).OnReload();
}
