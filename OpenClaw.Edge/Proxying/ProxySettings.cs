using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Rules;
using OpenClaw.ServiceDefaults.Configuration;
using OpenClaw.ServiceDefaults.Telemetry;

namespace OpenClaw.Edge.Proxying;

/// <summary>The configuration that YARP reads: the last valid version of the section <c>ReverseProxy</c>. A change with errors is refused
/// as a whole and logged once, and the current version stays in force.</summary>
internal sealed class ProxySettings(IConfiguration configuration) : ConfigurationProvider, IConfigurationSource
{
    public const string Section = "ReverseProxy";

    /// <summary>The section of service discovery.</summary>
    public const string Services = "services";

    private readonly Lock _lock = new();
    private string _refused = "";

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <summary>All errors in a section of routes and clusters.</summary>
    /// <param name="section">The section.</param>
    /// <param name="services">The services that service discovery knows, see <see cref="Services"/>.</param>
    public static List<string> ErrorsIn(SettingsNode section, SettingsNode services)
    {
        List<string> errors = [];
        ProxySchema.Check(section, errors);
        ProxyRules.Check(section, services, errors);
        // YARP would report the same errors again: it validates only routes and clusters without any.
        YarpConfigValidator.Check(WithoutErrors(section, errors), errors);
        return errors;
    }

    /// <summary>Reads the section, now and whenever it may have changed, once the policies that its routes name are in force.</summary>
    public void Start(EdgeRulesStore rules, ILogger<ProxySettings> logger)
    {
        Data = Flatten(ConfigurationTree.Read(configuration, Section));
        rules.RoutesReady += () => Change(logger);
    }

    private void Change(ILogger logger)
    {
        lock (_lock)
        {
            SettingsNode section = ConfigurationTree.Read(configuration, Section);
            Dictionary<string, string?> changed = Flatten(section);
            if (!IsSame(changed))
            {
                List<string> errors = ErrorsIn(section, ConfigurationTree.Read(configuration, Services));
                if (errors.Count > 0)
                {
                    Refuse(logger, errors);
                    return;
                }
            }

            if (_refused.Length > 0)
            {
                _refused = "";
                Log.RoutesInForce(logger);
            }

            Data = changed;
        }

        // Also when nothing changed: routes that YARP refused because of a missing policy may be valid now.
        OnReload();
    }

    private bool IsSame(Dictionary<string, string?> changed) =>
        changed.Count == Data.Count && changed.All(entry => Data.TryGetValue(entry.Key, out string? value) && value == entry.Value);

    private void Refuse(ILogger logger, List<string> errors)
    {
        // One line per error: quoted names and values must not look like separate log lines.
        string all = string.Join('\n', errors.Select(LogText.Clean));
        if (all != _refused)
        {
            _refused = all;
            Log.RoutesRefused(logger, all);
        }
    }

    /// <summary>The values of those routes and clusters that no error names.</summary>
    private static Dictionary<string, string?> WithoutErrors(SettingsNode section, List<string> errors)
    {
        Dictionary<string, string?> values = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string kind, SettingsNode items) in section.Children.Where(child => !IsNamed(child.Value, errors)))
        {
            foreach ((string id, SettingsNode item) in items.Children.Where(child => !HasError(child.Value, errors)))
            {
                Add(item, $"{kind}:{id}", values);
            }
        }

        return values;
    }

    private static bool HasError(SettingsNode node, List<string> errors)
    {
        string below = node.Path + ":";
        return IsNamed(node, errors) || errors.Exists(error => error.StartsWith(below, StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsNamed(SettingsNode node, List<string> errors)
    {
        string itself = node.Path + " ";
        return errors.Exists(error => error.StartsWith(itself, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>All values by their path below the section.</summary>
    private static Dictionary<string, string?> Flatten(SettingsNode section)
    {
        Dictionary<string, string?> values = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, SettingsNode child) in section.Children)
        {
            Add(child, name, values);
        }

        return values;
    }

    private static void Add(SettingsNode node, string path, Dictionary<string, string?> values)
    {
        if (node.Value is not null || node.Children.Count == 0)
        {
            values[path] = node.Value;
        }

        foreach ((string name, SettingsNode child) in node.Children)
        {
            Add(child, $"{path}:{name}", values);
        }
    }
}
