using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Telemetry;
using OpenClaw.ServiceDefaults.Configuration;
using OpenClaw.ServiceDefaults.Telemetry;
using Yarp.ReverseProxy.Configuration;

namespace OpenClaw.Edge.Rules;

/// <summary>Holds the rules in force: the configuration, overridden by the document from Redis. An invalid change is refused as a whole and
/// logged, and the current rules stay in force. An older document never replaces a newer one.</summary>
internal sealed class EdgeRulesStore : IDisposable
{
    private const string Configuration = "configuration";

    /// <summary>Largest number of logged errors per change. Further ones are only counted.</summary>
    private const int MaxLoggedErrors = 100;

    /// <summary>Error of rules that could not be compiled for want of memory.</summary>
    public const string NotEnoughMemory = "there is not enough memory to compile the rules; raise the memory limit of the edge";

    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(10);

    private readonly IConfiguration _configuration;
    private readonly StartupSettings _startupSettings;
    private readonly bool _hasPepper;
    private readonly bool _acceptsUnknownKeys;
    private readonly EdgeMetrics _metrics;
    private readonly ILogger<EdgeRulesStore> _logger;
    private readonly IDisposable _registration;
    private readonly Lock _lock = new();
    private string _loggedChanges = "";
    private string _configured;
    private RulesDocument _document = RulesDocument.Empty;
    private string? _fingerprint;
    private (string Version, RulesDocument Document, string Fingerprint)? _refused;
    private string? _ignored;
    private volatile EdgeRules _current;
    private volatile bool _routesPending;

    public EdgeRulesStore(
        IConfiguration configuration, IOptions<EdgeOptions> options, EdgeMetrics metrics, ILogger<EdgeRulesStore> logger)
    {
        _configuration = configuration;
        _startupSettings = new StartupSettings(configuration);
        _hasPepper = options.Value.ApiKeys.Pepper.Length > 0;
        _acceptsUnknownKeys = options.Value.ApiKeys.Unknown == UnknownKey.Accept;
        _metrics = metrics;
        _logger = logger;
        List<string> errors = [];
        _current = RulesCompiler.Compile(options.Value, ConfiguredRoutes.Read(configuration), _hasPepper, previous: null, errors)
            ?? throw new OptionsValidationException(EdgeOptions.Section, typeof(EdgeOptions), errors);
        _configured = ConfiguredRules.Fingerprint(configuration);
        _registration = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
    }

    /// <summary>Raised when the configuration has changed and the policies that its routes name are in force.</summary>
    public event Action? RoutesReady;

    /// <summary>Raised when changed rules of the configuration have come into force, with their fingerprint, which is equal on all replicas
    /// with the same rules. Not raised at start. Handlers must not wait.</summary>
    public event Action<string>? ConfigurationChanged;

    public EdgeRules Current => _current;

    /// <summary>Version of the document in force; null when there is none.</summary>
    public string? DocumentVersion { get; private set; }

    /// <summary>Reads the configuration again, then reloads the routes, which need the policies. Retries a document that was refused with
    /// the previous configuration.</summary>
    public void Reload()
    {
        string configured;
        bool isInForce, hasChanged;
        lock (_lock)
        {
            List<string> unreadable = SettingsFileProvider.ErrorsIn(_configuration);
            if (unreadable.Count > 0)
            {
                Refuse(Configuration, unreadable);
                return;
            }

            _routesPending = true;
            try
            {
                LogStartupSettingChanges();
                isInForce = ApplyConfiguration();
            }
            catch (OutOfMemoryException)
            {
                // Nothing else would handle it: configuration providers raise the change.
                Refuse(Configuration, [NotEnoughMemory]);
                isInForce = false;
            }

            configured = isInForce ? ConfiguredRules.Fingerprint(_configuration) : _configured;
            hasChanged = configured != _configured;
            _configured = configured;
        }

        ReloadRoutes();
        if (hasChanged)
        {
            ConfigurationChanged?.Invoke(configured);
        }
    }

    /// <summary>Applies a document over the configuration, if its version is newer than that of the document in force.</summary>
    /// <returns>The errors; empty when the document is in force.</returns>
    /// <exception cref="OutOfMemoryException">There is not enough memory at present. The document may be valid: apply it again
    /// later.</exception>
    public IReadOnlyList<string> Apply(string version, string json)
    {
        List<string> errors = [];
        lock (_lock)
        {
            string fingerprint = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(json)));
            if (DocumentVersion is { } applied && RulesVersion.Compare(version, applied) <= 0)
            {
                return version == applied && fingerprint == _fingerprint ? [] : Ignore(version, applied);
            }

            // A newer document supersedes the refused one.
            _refused = null;
            if (!RulesVersion.IsValid(version))
            {
                errors.Add($"The version is not valid; it must have {RulesVersion.Expected}.");
            }

            if (errors.Count > 0 || RulesDocument.Parse(json, errors) is not { } document)
            {
                Refuse(OriginOf(version), errors);
                return errors;
            }

            // A document with errors of its own is invalid with any configuration.
            bool mayBecomeValid = errors.Count == 0;
            Apply(document, version, fingerprint, OriginOf(version), errors);
            if (errors.Count > 0 && mayBecomeValid)
            {
                _refused = (version, document, fingerprint);
            }
        }

        ReloadRoutes();
        return errors;
    }

    /// <summary>Logs a document that must not be read, by its version and size.</summary>
    public void Refuse(in RulesDocumentInfo info)
    {
        lock (_lock)
        {
            if (info.Version is { } version && DocumentVersion is { } applied && RulesVersion.Compare(version, applied) <= 0)
            {
                Ignore(version, applied);
                return;
            }

            Refuse(info.Version is null ? "Redis" : OriginOf(info.Version), [info.Error!]);
        }
    }

    /// <summary>Validates a document without applying it. Waits while another document is compiled, since two large ones at once need more
    /// memory than the edge may have.</summary>
    public IReadOnlyList<string> Check(string json)
    {
        if (!_lock.TryEnter(CheckTimeout))
        {
            return [$"Other rules have been compiled for {CheckTimeout.TotalSeconds} seconds. Try again."];
        }

        List<string> errors = [];
        try
        {
            if (RulesDocument.Parse(json, errors) is { } document)
            {
                Compile(document, errors);
            }
        }
        catch (OutOfMemoryException)
        {
            errors.Add(NotEnoughMemory);
        }
        finally
        {
            _lock.Exit();
        }

        return errors;
    }

    public void Dispose() => _registration.Dispose();

    private bool ApplyConfiguration()
    {
        if (_refused is var (version, document, fingerprint) && Compile(document, []) is { } rules)
        {
            _refused = null;
            PutInForce(rules, OriginOf(version), document, version, fingerprint);
            return true;
        }

        List<string> errors = [];
        Apply(_document, DocumentVersion, _fingerprint, Configuration, errors);
        return errors.Count == 0;
    }

    private void Apply(RulesDocument document, string? version, string? fingerprint, string origin, List<string> errors)
    {
        if (Compile(document, errors) is { } rules)
        {
            PutInForce(rules, origin, document, version, fingerprint);
        }
        else
        {
            Refuse(origin, errors);
        }
    }

    private void PutInForce(EdgeRules rules, string origin, RulesDocument document, string? version, string? fingerprint)
    {
        _current = rules;
        _document = document;
        _fingerprint = fingerprint;
        DocumentVersion = version;
        _metrics.CountRulesChange(applied: true);
        Log.RulesInForce(_logger, origin, rules.PoliciesByName.Count, rules.Tiers.Count, rules.Clients.All.Count);
    }

    private string[] Ignore(string version, string applied)
    {
        bool isOlder = RulesVersion.Compare(version, applied) < 0;
        string ignored = isOlder ? version : version + " again";
        if (_ignored != ignored)
        {
            _ignored = ignored;
            _metrics.CountRulesChange(applied: false);
            if (isOlder)
            {
                Log.RulesOlder(_logger, version, applied);
            }
            else
            {
                Log.RulesAmbiguous(_logger, version);
            }
        }

        return [$"Version {version} is not newer than {applied}, which is in force."];
    }

    /// <summary>Raises <see cref="RoutesReady"/>, unless a route names a policy that is not in force. That error is already logged, and the
    /// routes wait for the policy.</summary>
    private void ReloadRoutes()
    {
        if (_routesPending && UnknownPolicies().Count == 0)
        {
            _routesPending = false;
            RoutesReady?.Invoke();
        }
    }

    private List<string> UnknownPolicies() => [.. ConfiguredRoutes.Read(_configuration)
        .Where(route => !string.IsNullOrEmpty(route.Value)
            && !_current.PoliciesByName.ContainsKey(route.Value)
            && !route.Value.Equals("disable", StringComparison.OrdinalIgnoreCase))
        .Select(route => $"ReverseProxy:Routes:{route.Key}:{nameof(RouteConfig.RateLimiterPolicy)}")];

    private void LogStartupSettingChanges()
    {
        string changes = string.Join(", ", _startupSettings.Changed());
        if (changes != _loggedChanges && changes.Length > 0)
        {
            Log.StartupSettingsChanged(_logger, changes);
        }

        _loggedChanges = changes;
    }

    /// <summary>The compiled rules; null when <paramref name="errors"/> is not empty afterwards.</summary>
    private EdgeRules? Compile(RulesDocument document, List<string> errors)
    {
        try
        {
            List<string> found = [];
            EdgeOptions options = StrictSettings.Read<EdgeOptions>(
                document.Over(ConfigurationTree.Read(_configuration, EdgeOptions.Section)), found);
            EdgeRules? rules = RulesCompiler.Compile(
                options, ConfiguredRoutes.Read(_configuration), _hasPepper, _current, found, document);
            if (_acceptsUnknownKeys && RulesCompiler.UnboundedPartitionsError(rules, ApiKeyOptions.AcceptsUnknown) is { } unlimited)
            {
                found.Add(unlimited);
            }

            errors.AddRange(found.Except(errors));
            return errors.Count > 0 ? null : rules;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // An unexpected error in new rules must not stop limiting: the previous rules stay in force.
            errors.Add($"The rules cannot be compiled: {exception}");
            return null;
        }
    }

    private void Refuse(string origin, List<string> errors)
    {
        _metrics.CountRulesChange(applied: false);
        IEnumerable<string> lines = errors.Take(MaxLoggedErrors);
        if (_routesPending
            && UnknownPolicies() is [var route, ..]
            && !errors.Exists(error => error.StartsWith("ReverseProxy:", StringComparison.Ordinal)))
        {
            lines = lines.Append($"{route} names a policy of these rules, so routes and clusters stay as they are, too.");
        }

        if (errors.Count > MaxLoggedErrors)
        {
            lines = lines.Append($"And {errors.Count - MaxLoggedErrors} more.");
        }

        // One line per error: quoted names and values must not look like separate log lines.
        Log.RulesRefused(_logger, origin, string.Join('\n', lines.Select(LogText.Clean)));
    }

    private static string OriginOf(string version) => $"Redis, version {version}";
}
