using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Telemetry;
using OpenClaw.ServiceDefaults.Telemetry;

namespace OpenClaw.Edge.Rules;

/// <summary>Logs and counts changes of rules, and logs settings that only take effect at start. Not safe for concurrent use.</summary>
internal sealed class RulesChangeLog(StartupSettings startupSettings, EdgeMetrics metrics, ILogger<EdgeRulesStore> logger)
{
    /// <summary>Largest number of logged errors per change. Further ones are only counted.</summary>
    private const int MaxErrors = 100;

    private string _loggedSettings = "";
    private string? _ignored;

    /// <summary>Logs rules that came into force.</summary>
    /// <param name="origin">Where they come from.</param>
    /// <param name="rules">The rules.</param>
    public void InForce(string origin, EdgeRules rules)
    {
        metrics.CountRulesChange(applied: true);
        Log.RulesInForce(logger, origin, rules.PoliciesByName.Count, rules.Tiers.Count, rules.Clients.All.Count);
    }

    /// <summary>Logs a refused change.</summary>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="errors">Its errors.</param>
    /// <param name="waitingRoute">Path of a route that waits for a policy of this change; null for none.</param>
    public void Refused(string origin, List<string> errors, string? waitingRoute)
    {
        metrics.CountRulesChange(applied: false);
        IEnumerable<string> lines = errors.Take(MaxErrors);
        if (waitingRoute is not null && !errors.Exists(error => error.StartsWith("ReverseProxy:", StringComparison.Ordinal)))
        {
            lines = lines.Append($"{waitingRoute} names a policy of these rules, so routes and clusters stay as they are, too.");
        }

        if (errors.Count > MaxErrors)
        {
            lines = lines.Append($"And {errors.Count - MaxErrors} more.");
        }

        // One line per error: quoted names and values must not look like separate log lines.
        Log.RulesRefused(logger, origin, string.Join('\n', lines.Select(LogText.Clean)));
    }

    /// <summary>Logs a document that is older than the one in force, or has its version and another text. Logs the same document
    /// once.</summary>
    /// <returns>The error.</returns>
    public string Ignored(string version, string applied)
    {
        bool isOlder = RulesVersion.Compare(version, applied) < 0;
        string ignored = isOlder ? version : version + " again";
        if (_ignored != ignored)
        {
            _ignored = ignored;
            metrics.CountRulesChange(applied: false);
            if (isOlder)
            {
                Log.RulesOlder(logger, version, applied);
            }
            else
            {
                Log.RulesAmbiguous(logger, version);
            }
        }

        return $"Version {version} is not newer than {applied}, which is in force.";
    }

    /// <summary>Logs settings that changed and only take effect at start.</summary>
    public void StartupSettingsChanged()
    {
        string changes = string.Join(", ", startupSettings.Changed());
        if (changes != _loggedSettings && changes.Length > 0)
        {
            Log.StartupSettingsChanged(logger, changes);
        }

        _loggedSettings = changes;
    }
}
