using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace OpenClaw.RateLimiting.Configuration;

/// <summary>Policies of a section. Unchanged policies remain the same objects after a reload.</summary>
internal sealed class ConfiguredPolicies : IRateLimitPolicies, IDisposable
{
    private readonly Func<LimiterSettings> _read;
    private readonly ILogger _logger;
    private readonly IDisposable? _subscription;
    private volatile FrozenDictionary<string, RateLimitPolicy> _policies = FrozenDictionary<string, RateLimitPolicy>.Empty;

    /// <summary>Policies of a section.</summary>
    /// <param name="section">The section; null for none.</param>
    /// <param name="read">Reads it.</param>
    /// <param name="logger">Logs invalid changes.</param>
    public ConfiguredPolicies(IConfiguration? section, Func<LimiterSettings> read, ILogger logger)
    {
        _read = read;
        _logger = logger;
        if (section is not null)
        {
            _policies = read().Policies;
            _subscription = ChangeToken.OnChange(section.GetReloadToken, Reload);
        }
    }

    public IReadOnlyList<string> Names => [.. _policies.Values.Select(policy => policy.Name).Order(StringComparer.Ordinal)];

    public RateLimitPolicy this[string name] => TryGet(name, out RateLimitPolicy? policy)
        ? policy
        : throw new KeyNotFoundException(
            Names is { Count: > 0 } names
                ? $"There is no rate limit policy '{name}' in the configuration; configured are {string.Join(", ", names)}."
                : $"There is no rate limit policy '{name}' in the configuration; it has no policies at all.");

    public bool TryGet(string name, [NotNullWhen(true)] out RateLimitPolicy? policy) => _policies.TryGetValue(name, out policy);

    public void Dispose() => _subscription?.Dispose();

    private void Reload()
    {
        LimiterSettings changed = _read();
        if (changed.Errors.Count > 0)
        {
            Log.PoliciesInvalid(_logger, string.Join(" ", changed.Errors));
            return;
        }

        FrozenDictionary<string, RateLimitPolicy> former = _policies;
        _policies = changed.Policies.ToFrozenDictionary(
            entry => entry.Key,
            entry => former.TryGetValue(entry.Key, out RateLimitPolicy? known) && known.HasSameLimits(entry.Value) ? known : entry.Value,
            StringComparer.OrdinalIgnoreCase);
    }
}
