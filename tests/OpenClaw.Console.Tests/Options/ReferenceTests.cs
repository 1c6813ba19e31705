using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using OpenClaw.Console.Options;

namespace OpenClaw.Console.Tests.Options;

public sealed partial class ReferenceTests
{
    [Fact]
    public void Table_OfTheReference_HasEverySettingWithItsDefault()
    {
        Dictionary<string, string> documented = Rows().Matches(File.ReadAllText(FindReference()))
            .ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value.Trim('`', ' '));

        Assert.Equal(Settings(new ConsoleOptions(), "").OrderBy(setting => setting.Key), documented.OrderBy(setting => setting.Key));
    }

    private static Dictionary<string, string> Settings(object options, string prefix) => options.GetType()
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.CanWrite)
        .SelectMany(property => property.GetValue(options) is OpenIdConnectSettings section
            ? Settings(section, $"{prefix}{property.Name}:")
            : new Dictionary<string, string> { [prefix + property.Name] = DefaultOf(property.Name, property.GetValue(options)) })
        .ToDictionary();

    private static string DefaultOf(string name, object? value) => value switch
    {
        "" when name is nameof(ConsoleOptions.Edge) or nameof(ConsoleOptions.AdminKey) => "required",
        "" => "none",
        ICollection { Count: 0 } => "none",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string FindReference() => Path.Combine(Root(), "docs", "reference", "console.md");

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "OpenClaw.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"^\| `([A-Za-z:]+)` \| ([^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex Rows();
}
