using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Options;

namespace OpenClaw.Edge.Rules;

/// <summary>The rules in the configuration, without the document in Redis.</summary>
internal static class ConfiguredRules
{
    private const int Length = 16;

    private static readonly string[] Members =
        [.. typeof(RulesOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name)];

    /// <summary>A short hash of the configured rules. Other settings do not change it, so it is equal on all replicas with the same
    /// rules.</summary>
    public static string Fingerprint(IConfiguration configuration)
    {
        IConfigurationSection section = configuration.GetSection(EdgeOptions.Section);
        IEnumerable<KeyValuePair<string, string?>> rules = Members.SelectMany(member => section.GetSection(member).AsEnumerable())
            .Concat(ConfiguredRoutes.Read(configuration));
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string name, string? value) in rules.Where(rule => rule.Value is not null)
            .OrderBy(rule => rule.Key, StringComparer.OrdinalIgnoreCase))
        {
            // Setting names are case-insensitive.
            hash.AppendData(Encoding.UTF8.GetBytes($"{name.ToUpperInvariant()}\0{value}\0"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..Length];
    }
}
