using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Rules;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.RateLimiting;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Tests.Configuration;

public sealed class DocumentationTests
{
    private static readonly string Reference = File.ReadAllText(Repository.Path("docs", "reference", "configuration.md"));

    [Fact]
    public void Examples_OverTheShippedSettings_AreValid()
    {
        string[] examples =
        [
            .. Directory.EnumerateFiles(Repository.Path("docs"), "*.md", SearchOption.AllDirectories)
                .Append(Repository.Path("README.md"))
                .SelectMany(file => Regex.Matches(File.ReadAllText(file), "```json\n(.*?)```", RegexOptions.Singleline))
                .Select(match => match.Groups[1].Value)
                .Where(example => !example.Contains("\"RateLimiting\"", StringComparison.Ordinal)), // the library's own
        ];

        Assert.Equal(4, examples.Length);
        Assert.All(examples, example => Assert.Empty(Errors(json: example)));
    }

    [Fact]
    public void Tables_EverySetting_IsThereWithItsDefaultAndNoOther()
    {
        Dictionary<string, string> documented = Rows().ToDictionary(row => row.Path, row => row.Default);
        Dictionary<string, (Type Type, object? Default)> settings = SettingsOf(typeof(EdgeOptions), "")
            .ToDictionary(setting => setting.Path, setting => (setting.Type, setting.Default));

        Assert.Equal(settings.Keys.Order(), documented.Keys.Where(path => path != "Policies:<>").Order());
        Assert.All(settings, setting => Assert.True(
            IsDefault(setting.Key, documented[setting.Key], setting.Value.Type, setting.Value.Default),
            $"{setting.Key} is said to be {documented[setting.Key]} by default; it is '{setting.Value.Default}'."));
    }

    [Fact]
    public void Tables_EveryRange_IsTheOneThatIsChecked()
    {
        (string Path, DocumentedRange Range)[] ranges =
            [.. Rows().Select(row => (InUse(row.Path), DocumentedRange.TryParse(row.Range)!)).Where(row => row.Item2 is not null)];

        Assert.InRange(ranges.Length, 30, 100);
        Assert.Empty(Errors(ranges.Select(row => (row.Path, row.Range.Lowest))));
        Assert.Empty(Errors(ranges.Select(row => (row.Path, row.Range.Highest))));
        AssertAllWrong(row => row.BelowLowest);
        AssertAllWrong(row => row.AboveHighest);

        void AssertAllWrong(Func<DocumentedRange, string> value)
        {
            string[] errors = Errors(ranges.Select(row => (row.Path, value(row.Range))));
            Assert.All(ranges, row => Assert.Contains(errors, error => error.Contains($"{row.Path} is ", StringComparison.Ordinal)));
        }
    }

    /// <summary>Rows of the tables of settings, one for each path.</summary>
    private static IEnumerable<(string Path, string Default, string Range)> Rows() => Regex
        .Matches(Reference, @"^\| Setting \| Default \| Range \| Effect \|\n\|[-|]+\|\n((?:\|.*\n)+)", RegexOptions.Multiline)
        .SelectMany(table => table.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        .Select(row => row.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray())
        .SelectMany(cells => PathsOf(cells[0]).Select(path => (path, cells[1], cells[2])));

    /// <summary>The errors of settings over the shipped ones.</summary>
    private static string[] Errors(IEnumerable<(string Path, string Value)>? settings = null, string json = "{}")
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddJsonFile(Repository.Path("OpenClaw.Edge", "appsettings.json"))
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)))
            .AddInMemoryCollection((settings ?? [])
                .ToDictionary(setting => $"{EdgeOptions.Section}:{setting.Path}", setting => (string?)setting.Value))
            .Build();
        using ServiceProvider limiter = new ServiceCollection().AddInMemoryRateLimiter().BuildServiceProvider();
        EdgeOptions options = StrictSettings.Read<EdgeOptions>(configuration, EdgeOptions.Section, []);
        EdgeOptionsValidator validator = new(configuration, limiter.GetServices<IValidateOptions<RedisRateLimiterOptions>>());
        RulesOptionsValidator rules = new(configuration);
        return [.. validator.Validate(null, options).Failures ?? [], .. rules.Validate(null, options).Failures ?? []];
    }

    /// <summary>A documented path with shipped names for its placeholders.</summary>
    private static string InUse(string path) => path
        .Replace("Policies:<>:Buckets:<>", "Policies:rating:Buckets:burst", StringComparison.Ordinal)
        .Replace("Policies:<>", "Policies:rating", StringComparison.Ordinal)
        .Replace("Methods:<>", "Methods:POST", StringComparison.Ordinal)
        .Replace("Routes:<>", "Routes:rating", StringComparison.Ordinal);

    /// <summary>Paths in a table's first cell, separated by commas. One that begins with a colon shares all but its last name with the one
    /// before.</summary>
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
            _ when SettingText.IsSupported(setting) || typeof(IList).IsAssignableFrom(type) => [(path, setting, value)],
            IDictionary => SettingsAt(type.GetGenericArguments()[1], path + ":<>", EmptyIfDictionary(type.GetGenericArguments()[1])),
            _ when typeof(IDictionary).IsAssignableFrom(type) => SettingsAt(type, path, new Dictionary<string, int>()),
            _ => SettingsOf(type, path + ":"),
        };
    }

    private static Dictionary<string, int>? EmptyIfDictionary(Type type) => typeof(IDictionary).IsAssignableFrom(type) ? [] : null;

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
