using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Telemetry;
using OpenClaw.ServiceDefaults.Configuration;
using OpenClaw.ServiceDefaults.Telemetry;

namespace OpenClaw.Edge.Rules;

/// <summary>Holds the rules in force: the configuration, overridden by the document from Redis. An invalid change is refused as a whole and
/// logged, and the current rules stay in force. An older document never replaces a newer one.</summary>
internal sealed class EdgeRulesStore : IDisposable
{
    private const string Configuration = "configuration";

    /// <summary>Error of rules that could not be compiled for want of memory.</summary>
    public const string NotEnoughMemory = "there is not enough memory to compile the rules; raise the memory limit of the edge";

    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(10);

    private readonly IConfiguration _configuration;
    private readonly DocumentCompiler _compiler;
    private readonly RulesChangeLog _log;
    private readonly IDisposable _registration;
    private readonly Lock _lock = new();
    private string _configured;
    private RulesDocument _document = RulesDocument.Empty;
    private string? _fingerprint;
    private (string Version, RulesDocument Document, string Fingerprint)? _refused;
    private volatile EdgeRules _current;
    private volatile bool _routesPending;

    public EdgeRulesStore(
        IConfiguration configuration, IOptions<EdgeOptions> options, EdgeMetrics metrics, ILogger<EdgeRulesStore> logger)
    {
        _configuration = configuration;
        _compiler = new DocumentCompiler(configuration, options.Value.ApiKeys);
        _log = new RulesChangeLog(new StartupSettings(configuration), metrics, logger);
        List<string> errors = [];
        _current = _compiler.CompileConfiguration(options.Value, errors)
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
                _log.StartupSettingsChanged();
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
                return version == applied && fingerprint == _fingerprint ? [] : [_log.Ignored(version, applied)];
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
                _log.Ignored(version, applied);
                return;
            }

            Refuse(info.Version is null ? "Redis" : OriginOf(info.Version), [info.Error!]);
        }
    }

    /// <summary>Validates a document without applying it. Waits while another document is compiled, since two large ones at once need more
    /// memory than the edge may have.</summary>
    /// <exception cref="RulesNotCheckedException">There is not enough memory, or other rules are compiled for too long.</exception>
    public IReadOnlyList<string> Check(string json)
    {
        if (!_lock.TryEnter(CheckTimeout))
        {
            throw new RulesNotCheckedException($"Other rules have been compiled for {CheckTimeout.TotalSeconds} seconds. Try again.");
        }

        try
        {
            List<string> errors = [];
            if (RulesDocument.Parse(json, errors) is { } document)
            {
                _compiler.Compile(document, _current, errors);
            }

            return errors;
        }
        catch (OutOfMemoryException exception)
        {
            throw new RulesNotCheckedException($"T{NotEnoughMemory[1..]}.", exception);
        }
        finally
        {
            _lock.Exit();
        }
    }

    public void Dispose() => _registration.Dispose();

    private bool ApplyConfiguration()
    {
        if (_refused is var (version, document, fingerprint) && _compiler.Compile(document, _current, []) is { } rules)
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
        if (_compiler.Compile(document, _current, errors) is { } rules)
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
        _log.InForce(origin, rules);
    }

    /// <summary>Raises <see cref="RoutesReady"/>, unless a route names a policy that is not in force. That error is already logged, and the
    /// routes wait for the policy.</summary>
    private void ReloadRoutes()
    {
        if (_routesPending && RouteWithoutPolicy() is null)
        {
            _routesPending = false;
            RoutesReady?.Invoke();
        }
    }

    private string? RouteWithoutPolicy() => ConfiguredRoutes.FindWithoutPolicy(_configuration, _current.PoliciesByName.ContainsKey);

    private void Refuse(string origin, List<string> errors) => _log.Refused(origin, errors, _routesPending ? RouteWithoutPolicy() : null);

    private static string OriginOf(string version) => $"Redis, version {version}";
}
