using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Tests.Configuration;

public sealed class DocumentationTests
{
    private static readonly string Text = File.ReadAllText(Repository.Path("docs", "edge.md"));

    [Fact]
    public void Examples_OverTheShippedSettings_AreValid()
    {
        string[] examples = [.. Regex.Matches(Text, "```json\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value)];

        Assert.Equal(3, examples.Length);
        Assert.All(examples, example =>
        {
            IConfiguration configuration = new ConfigurationBuilder()
                .AddJsonFile(Repository.Path("OpenClaw.Edge", "appsettings.json"))
                .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(example)))
                .Build();
            EdgeOptions options = StrictSettings.Read<EdgeOptions>(configuration, EdgeOptions.Section, []);
            ValidateOptionsResult result = new EdgeOptionsValidator(configuration, []).Validate(null, options);
            Assert.True(result.Succeeded, result.FailureMessage);
        });
    }

    [Fact]
    public void Tables_EverySetting_IsThereWithItsDefaultAndNoOther()
    {
        Dictionary<string, string> documented = Regex
            .Matches(Text, @"^\| Setting \| Default \| Effect \|\n\|[-|]+\|\n((?:\|.*\n)+)", RegexOptions.Multiline)
            .SelectMany(table => table.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .SelectMany(row => row.Split(" | ") is [var names, var value, _, ..] ? PathsOf(names).Select(path => (path, value)) : [])
            .ToDictionary(entry => entry.path, entry => entry.value);
        Dictionary<string, (Type Type, object? Default)> settings = SettingsOf(typeof(EdgeOptions), "").ToDictionary(
            setting => setting.Path, setting => (setting.Type, setting.Default));

        Assert.Equal(settings.Keys.Order(), documented.Keys.Where(path => path != "Policies:<>").Order());
        Assert.All(settings, setting => Assert.True(
            IsDefault(setting.Key, documented[setting.Key], setting.Value.Type, setting.Value.Default),
            $"{setting.Key} is said to be {documented[setting.Key]} by default; it is '{setting.Value.Default}'."));
    }

    /// <summary>Paths in a table's first cell: several have commas between them, and one that begins with a colon shares all but its last
    /// name with the one before.</summary>
    private static IEnumerable<string> PathsOf(string cell)
    {
        string path = "";
        foreach (Match match in Regex.Matches(cell, "`([^`]+)`"))
        {
            string name = Regex.Replace(match.Groups[1].Value, "<[^>]+>", "<>");
            path = name[0] == ':' ? path[..path.LastIndexOf(':')] + name : name;
            yield return path;
        }
    }

    private static IEnumerable<(string Path, Type Type, object? Default)> SettingsOf(Type section, string prefix)
    {
        object defaults = Activator.CreateInstance(section)!;
        return section.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .SelectMany(property => SettingsAt(property.PropertyType, prefix + property.Name, property.GetValue(defaults)));
    }

    private static IEnumerable<(string Path, Type Type, object? Default)> SettingsAt(Type type, string path, object? value)
    {
        Type setting = Nullable.GetUnderlyingType(type) ?? type;
        return value switch
        {
            _ when SettingText.IsSupported(setting) || value is IList => [(path, setting, value)],
            IDictionary => SettingsAt(type.GetGenericArguments()[1], path + ":<>", typeof(IDictionary)
                .IsAssignableFrom(type.GetGenericArguments()[1]) ? new Dictionary<string, int>() : null),
            _ when typeof(IDictionary).IsAssignableFrom(type) => SettingsAt(type, path, new Dictionary<string, int>()),
            _ => SettingsOf(type, path + ":"),
        };
    }

    private static bool IsDefault(string path, string cell, Type type, object? value) => cell switch
    {
        "none" => value is null or "" or 0L or IList { Count: 0 } && (value is not 0L || path.EndsWith(":<>", StringComparison.Ordinal)),
        "required" => value is 0L,
        "the policy's" or "half of them" => value is null,
        "half the processors, 1 to 4" => value is int lanes && lanes == Math.Clamp(Environment.ProcessorCount / 2, 1, 4),
        "machine and process" => value is string name && name == $"{Environment.MachineName}:{Environment.ProcessId}",
        _ => SettingText.TryConvert(cell.Trim('`'), type, out object? documented) && Equals(documented, value),
    };
}
