using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;

namespace OpenClaw.RateLimiting.Configuration;

/// <summary>The section of one limiter: settings, options and policies.</summary>
internal static class LimiterSection
{
    /// <summary>Section of a host's limiter.</summary>
    public const string Host = "RateLimiting";

    /// <summary>Subsection with a section for each keyed limiter.</summary>
    public const string Keyed = "Keyed";

    /// <summary>Reads a section. Values that cannot be read are left out and reported.</summary>
    /// <param name="section">The section.</param>
    /// <param name="isHost">Whether it is the section of a host, which has telemetry, and sections for keyed limiters.</param>
    public static LimiterSettings Read(IConfiguration section, bool isHost)
    {
        List<string> errors = [];
        SettingsReader reader = new(section, errors);
        RedisRateLimiterSettings settings = new();
        reader.Text(nameof(settings.ConnectionName), value => settings.ConnectionName = value);
        reader.Text(nameof(settings.ConnectionString), value => settings.ConnectionString = value);
        OptionsReader.Read(reader, new RedisRateLimiterOptions());
        FrozenDictionary<string, RateLimitPolicy> policies = PolicyReader.Read(reader, errors);
        if (isHost)
        {
            reader.Flag(nameof(settings.DisableHealthChecks), value => settings.DisableHealthChecks = value);
            reader.Flag(nameof(settings.DisableTracing), value => settings.DisableTracing = value);
            reader.Flag(nameof(settings.DisableMetrics), value => settings.DisableMetrics = value);
            reader.Sections(Keyed);
        }

        reader.RejectOthers();
        return new LimiterSettings(settings, policies, errors);
    }

    /// <summary>Sets the options that the section has.</summary>
    public static void Apply(IConfiguration section, RedisRateLimiterOptions options)
        => OptionsReader.Read(new SettingsReader(section, []), options);
}
