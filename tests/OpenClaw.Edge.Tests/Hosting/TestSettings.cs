using System.Collections;
using Microsoft.Extensions.Configuration;

namespace OpenClaw.Edge.Tests.Hosting;

/// <summary>In-memory settings that can be changed and reloaded.</summary>
internal sealed class TestSettings : ConfigurationProvider, IConfigurationSource, IEnumerable
{
    public string? this[string key]
    {
        get => Data.TryGetValue(key, out string? value) ? value : null;
        set => Data[key] = value;
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <summary>Removes everything at and below a path.</summary>
    public void Remove(string path)
    {
        foreach (string key in Data.Keys.Where(key => key == path || key.StartsWith(path + ":", StringComparison.Ordinal)).ToList())
        {
            Data.Remove(key);
        }
    }

    /// <summary>Signals a reload of the configuration.</summary>
    public void Reload() => OnReload();

    public IEnumerator GetEnumerator() => Data.GetEnumerator();
}
