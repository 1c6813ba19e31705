using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace OpenClaw.Edge.Tests.Configuration;

/// <summary>A configuration source that implements only the interface and derives from no framework class.</summary>
internal sealed class PlainSource : Dictionary<string, string?>, IConfigurationSource, IConfigurationProvider
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public bool TryGet(string key, out string? value) => TryGetValue(key, out value);

    public void Set(string key, string? value) => this[key] = value;

    public IChangeToken GetReloadToken() => new CancellationChangeToken(CancellationToken.None);

    public void Load()
    {
    }

    public IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath)
    {
        string prefix = parentPath is null ? "" : parentPath + ":";
        return Keys.Where(key => key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            .Select(key => key[prefix.Length..].Split(':')[0])
            .Concat(earlierKeys);
    }
}
