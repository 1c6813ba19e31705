using System.Collections.Frozen;

namespace OpenClaw.RateLimiting.Configuration;

/// <summary>The contents of a section.</summary>
/// <param name="Settings">Connection and telemetry.</param>
/// <param name="Policies">Policies by name.</param>
/// <param name="Errors">All errors, each a sentence that names the setting and what would be right.</param>
internal sealed record LimiterSettings(
    RedisRateLimiterSettings Settings, FrozenDictionary<string, RateLimitPolicy> Policies, IReadOnlyList<string> Errors);
