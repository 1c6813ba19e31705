using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;

namespace OpenClaw.RateLimiting.Configuration;

/// <summary>Reads policies by name. Names of settings are case-insensitive and Redis keys are not, so names are lower-cased. Settings have
/// no order, so buckets are sorted by name and all replicas use the same order.</summary>
internal static class PolicyReader
{
    private const string Section = "Policies";

    public static FrozenDictionary<string, RateLimitPolicy> Read(SettingsReader settings, List<string> errors)
    {
        Dictionary<string, RateLimitPolicy> policies = new(StringComparer.OrdinalIgnoreCase);
        foreach (IConfigurationSection section in settings.Sections(Section))
        {
            if (ReadPolicy(section, errors) is { } policy)
            {
                policies[policy.Name] = policy;
            }
        }

        return policies.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    // Null after an error.
    private static RateLimitPolicy? ReadPolicy(IConfigurationSection section, List<string> errors)
    {
        int before = errors.Count;
        var failureMode = FailureMode.Local;
        SettingsReader settings = new(section, errors);
        settings.Choice<FailureMode>(nameof(RateLimitPolicy.FailureMode), value => failureMode = value);
        TokenBucket[] buckets =
        [
            .. settings.Sections(nameof(RateLimitPolicy.Buckets))
                .OrderBy(bucket => bucket.Key, StringComparer.OrdinalIgnoreCase)
                .Select(bucket => ReadBucket(bucket, errors)),
        ];
        settings.RejectOthers();
        string name = section.Key.ToLowerInvariant();

        // Ranges are checked only if all values could be read.
        if (errors.Count == before)
        {
            errors.AddRange(RateLimitPolicy.Validate(name, buckets, $"{section.Path}:{nameof(RateLimitPolicy.Buckets)}"));
        }

        return errors.Count == before ? new RateLimitPolicy(name, buckets, failureMode) : null;
    }

    private static TokenBucket ReadBucket(IConfigurationSection section, List<string> errors)
    {
        SettingsReader settings = new(section, errors);
        TokenBucket bucket = new(section.Key.ToLowerInvariant(), 0, 0, TimeSpan.Zero);
        settings.Number(nameof(bucket.Capacity), (long value) => bucket = bucket with { Capacity = value });
        settings.Number(nameof(bucket.RefillTokens), (long value) => bucket = bucket with { RefillTokens = value });
        settings.Duration(nameof(bucket.RefillPeriod), value => bucket = bucket with { RefillPeriod = value });
        settings.Flag(nameof(bucket.Shadow), value => bucket = bucket with { Shadow = value });
        settings.RejectOthers();
        return bucket;
    }
}
