using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OpenClaw.Edge.Settings;
using OpenClaw.Edge.Telemetry;

namespace OpenClaw.Edge.Policies;

/// <summary>The rules in force: the configuration's, with the document from Redis over them. A change that is not valid is refused whole and
/// logged; what was in force stays in force.</summary>
internal sealed class EdgeRulesStore : IDisposable
{
    private const string Configuration = "configuration";

    private readonly IConfiguration _configuration;
    private readonly FixedSettings _fixed;
    private readonly bool _hasPepper;
    private readonly EdgeMetrics _metrics;
    private readonly ILogger<EdgeRulesStore> _logger;
    private readonly IDisposable _registration;
    private readonly Lock _lock = new();
    private string _fixedChanges = "";
    private RulesDocument _document = RulesDocument.Empty;
    private (string Version, RulesDocument Document)? _refused;
    private volatile EdgeRules _current;

    public EdgeRulesStore(IConfiguration configuration, IOptions<EdgeOptions> options, EdgeMetrics metrics, ILogger<EdgeRulesStore> logger)
    {
        _configuration = configuration;
        _fixed = new FixedSettings(configuration);
        _hasPepper = options.Value.ApiKeys.Pepper.Length > 0;
        _metrics = metrics;
        _logger = logger;
        List<string> errors = [];
        _current = RulesCompiler.Compile(options.Value, ConfiguredRoutes.Read(configuration), _hasPepper, previous: null, errors)
            ?? throw new OptionsValidationException(EdgeOptions.Section, typeof(EdgeOptions), errors);
        _registration = ChangeToken.OnChange(configuration.GetReloadToken, () => Reload());
    }

    public EdgeRules Current => _current;

    /// <summary>Version of the document that is in force; null when there is none.</summary>
    public string? DocumentVersion { get; private set; }

    /// <summary>Reads the configuration again. A document that was refused over the former one is tried over this one.</summary>
    /// <returns>Whether it is in force.</returns>
    public bool Reload()
    {
        lock (_lock)
        {
            List<string> unreadable = SettingsFileProvider.ErrorsIn(_configuration);
            if (unreadable.Count > 0)
            {
                Refuse(Configuration, unreadable);
                return false;
            }

            TellOfFixedChanges();
            if (_refused is var (version, document) && Compile(document, []) is { } rules)
            {
                _refused = null;
                PutInForce(rules, OriginOf(version), document, version);
                return true;
            }

            List<string> errors = [];
            Apply(_document, DocumentVersion, Configuration, errors);
            return errors.Count == 0;
        }
    }

    /// <summary>Lays another document over the configuration.</summary>
    /// <returns>Why it is refused; empty when it is in force.</returns>
    public IReadOnlyList<string> Apply(string version, string json)
    {
        lock (_lock)
        {
            // A newer document settles what becomes of an older one.
            _refused = null;
            List<string> errors = [];
            if (RulesDocument.Parse(json, errors) is not { } document)
            {
                Refuse(OriginOf(version), errors);
                return errors;
            }

            // What is wrong in itself stays so, whatever the configuration.
            bool mayBecomeValid = errors.Count == 0;
            Apply(document, version, OriginOf(version), errors);
            if (errors.Count > 0 && mayBecomeValid)
            {
                _refused = (version, document);
            }

            return errors;
        }
    }

    /// <summary>What would be wrong with a document.</summary>
    public IReadOnlyList<string> Check(string json)
    {
        List<string> errors = [];
        if (RulesDocument.Parse(json, errors) is { } document)
        {
            Compile(document, errors);
        }

        return errors;
    }

    public void Dispose() => _registration.Dispose();

    private void Apply(RulesDocument document, string? version, string origin, List<string> errors)
    {
        if (Compile(document, errors) is { } rules)
        {
            PutInForce(rules, origin, document, version);
        }
        else
        {
            Refuse(origin, errors);
        }
    }

    private void PutInForce(EdgeRules rules, string origin, RulesDocument document, string? version)
    {
        _current = rules;
        _document = document;
        DocumentVersion = version;
        _metrics.CountRulesChange(applied: true);
        Log.RulesInForce(_logger, origin, rules.PoliciesByName.Count, rules.Tiers.Count, rules.Clients.All.Count);
    }

    private void TellOfFixedChanges()
    {
        string changes = string.Join(", ", _fixed.Changed());
        if (changes != _fixedChanges && changes.Length > 0)
        {
            Log.FixedSettingsChanged(_logger, changes.ReplaceLineEndings(" "));
        }

        _fixedChanges = changes;
    }

    /// <summary>Null when there are errors, of before or of now.</summary>
    private EdgeRules? Compile(RulesDocument document, List<string> errors)
    {
        try
        {
            List<string> found = [];
            EdgeOptions options = StrictSettings.Read<EdgeOptions>(document.Over(ConfigurationTree.Read(_configuration, EdgeOptions.Section)), found);
            EdgeRules? rules = RulesCompiler.Compile(options, ConfiguredRoutes.Read(_configuration), _hasPepper, _current, found);
            errors.AddRange(found.Except(errors));
            return errors.Count > 0 ? null : rules;
        }
        catch (Exception exception)
        {
            // No rules, however strange, may stop what limits by the ones before.
            errors.Add($"The rules cannot be compiled: {exception}");
            return null;
        }
    }

    private void Refuse(string origin, List<string> errors)
    {
        _metrics.CountRulesChange(applied: false);
        // One line each: names and values are repeated as they came, and must not look like lines of the log's own.
        Log.RulesRefused(_logger, origin, string.Join(Environment.NewLine, errors.Select(error => error.ReplaceLineEndings(" "))));
    }

    private static string OriginOf(string version) => $"Redis, version {version}";
}
