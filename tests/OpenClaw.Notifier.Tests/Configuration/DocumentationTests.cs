using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;
using OpenClaw.Notifier.Events;
using OpenClaw.Notifier.Options;
using OpenClaw.Notifier.Tests.Hosting;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Notifier.Tests.Configuration;

/// <summary>The reference names every setting with its default, and every type of event.</summary>
public sealed class DocumentationTests
{
    private static readonly string Reference = File.ReadAllText(Repository.Path("docs", "reference", "notifier.md"));

    [Fact]
    public void Tables_EverySetting_IsThereWithItsDefaultAndNoOther()
    {
        Dictionary<string, string> documented = Rows("Setting", "Default", "Range", "Effect").ToDictionary(
            cells => cells[0].Trim('`'), cells => cells[1].Trim('`'));
        Dictionary<string, (Type Type, object? Default)> settings = SettingsOf(typeof(NotifierOptions), "").ToDictionary(
            setting => setting.Path, setting => (setting.Type, setting.Default));

        Assert.Equal(settings.Keys.Order(StringComparer.Ordinal), documented.Keys.Order(StringComparer.Ordinal));
        Assert.All(settings, setting => Assert.True(
            IsDefault(documented[setting.Key], setting.Value.Type, setting.Value.Default),
            $"{setting.Key} is said to be {documented[setting.Key]} by default; it is '{setting.Value.Default}'."));
    }

    [Fact]
    public void Table_OfEvents_HasEveryType() => Assert.Equal(
        EventTypes.All, Rows("Type", "When", "Members").Select(cells => cells[0].Trim('`')).Order(StringComparer.Ordinal));

    private static IEnumerable<string[]> Rows(params string[] columns) => Regex
        .Matches(Reference, $@"^\| {string.Join(@" \| ", columns)} \|\n\|[-|]+\|\n((?:\|.*\n)+)", RegexOptions.Multiline)
        .SelectMany(table => table.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        .Select(row => row.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray());

    private static IEnumerable<(string Path, Type Type, object? Default)> SettingsOf(Type section, string prefix)
    {
        object defaults = Activator.CreateInstance(section)!;
        foreach (PropertyInfo property in section.GetProperties())
        {
            Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            object? value = property.GetValue(defaults);
            IEnumerable<(string, Type, object?)> below = value switch
            {
                IDictionary => SettingsOf(type.GetGenericArguments()[1], $"{prefix}{property.Name}:<name>:"),
                _ when SettingText.IsSupported(type) || value is IList => [(prefix + property.Name, type, value)],
                _ => SettingsOf(type, $"{prefix}{property.Name}:"),
            };
            foreach (var setting in below)
            {
                yield return setting;
            }
        }
    }

    private static bool IsDefault(string cell, Type type, object? value) => cell switch
    {
        "none" => value is null or "" or IList { Count: 0 },
        "machine and process" => value is string name && name == $"{Environment.MachineName}:{Environment.ProcessId}",
        "openclaw-mail" => value is string folder && folder == Path.Combine(Path.GetTempPath(), "openclaw-mail"),
        _ => SettingText.TryConvert(cell, type, out object? documented) && Equals(documented, value),
    };
}
