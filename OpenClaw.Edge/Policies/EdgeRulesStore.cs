using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OpenClaw.Edge.Settings;
using OpenClaw.Edge.Telemetry;

namespace OpenClaw.Edge.Policies;

/// <summary>The rules in force: the configuration's, with the document from Redis over them. A change that is not valid is refused whole and
/// logged; what was in force stays in force.</summary>
internal sealed class EdgeRulesStore : IDisposable
{
    private readonly IConfiguration _configuration;
    private readonly bool _hasPepper;
    private readonly EdgeMetrics _metrics;
    private readonly ILogger<EdgeRulesStore> _logger;
    private readonly IDisposable _registration;
    private readonly Lock _lock = new();
    private RulesDocument _document = RulesDocument.Empty;
    private volatile EdgeRules _current;

    public EdgeRulesStore(IConfiguration configuration, IOptions<EdgeOptions> options, EdgeMetrics metrics, ILogger<EdgeRulesStore> logger)
    {
        _configuration = configuration;
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

    /// <summary>Reads the configuration again.</summary>
    /// <returns>Whether it is in force.</returns>
    public bool Reload()
    {
        lock (_lock)
        {
            return Apply(_document, "configuration").Count == 0;
        }
    }

    /// <summary>Lays another document over the configuration.</summary>
    /// <returns>Why it is refused; empty when it is in force.</returns>
    public IReadOnlyList<string> Apply(string version, string json)
    {
        lock (_lock)
        {
            List<string> errors = [];
            RulesDocument? document = RulesDocument.Parse(json, errors);
            string origin = $"Redis, version {version}";
            if (document is null)
            {
                Refuse(origin, errors);
                return errors;
            }

            IReadOnlyList<string> wrong = Apply(document, origin);
            if (wrong.Count == 0)
            {
                _document = document;
                DocumentVersion = version;
            }

            return wrong;
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

    private List<string> Apply(RulesDocument document, string origin)
    {
        List<string> errors = [];
        if (Compile(document, errors) is not { } rules)
        {
            Refuse(origin, errors);
            return errors;
        }

        _current = rules;
        _metrics.CountRulesChange(applied: true);
        Log.RulesInForce(_logger, origin, rules.PoliciesByName.Count, rules.Tiers.Count, rules.Clients.All.Count);
        return errors;
    }

    private EdgeRules? Compile(RulesDocument document, List<string> errors)
    {
        try
        {
            EdgeOptions options = StrictSettings.Read<EdgeOptions>(document.Over(ConfigurationTree.Read(_configuration, EdgeOptions.Section)), errors);
            EdgeRules? rules = RulesCompiler.Compile(options, ConfiguredRoutes.Read(_configuration), _hasPepper, _current, errors);
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
        Log.RulesRefused(_logger, origin, string.Join(Environment.NewLine, errors));
    }
}
