using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;

namespace OpenClaw.ServiceDefaults.Management;

/// <summary>Reads the settings of the management listener. .NET's binder stops at the first value of a wrong type; here each invalid value
/// is an error, and the setting keeps its default.</summary>
internal static class ManagementOptionsReader
{
    private const string Certificate = $"{ManagementOptions.Section}:{nameof(ManagementOptions.Certificate)}";

    public static void Read(IConfiguration configuration, ManagementOptions options, List<string> errors)
    {
        IConfigurationSection section = configuration.GetSection(ManagementOptions.Section);
        CheckNoText(section, errors);
        CheckNoText(configuration.GetSection(Certificate), errors);
        options.Address = section[nameof(options.Address)] ?? options.Address;
        options.Certificate.Path = configuration[$"{Certificate}:{nameof(options.Certificate.Path)}"] ?? "";
        options.Certificate.KeyPath = configuration[$"{Certificate}:{nameof(options.Certificate.KeyPath)}"] ?? "";

        if (section[nameof(options.Port)] is { } port)
        {
            if (int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= IPEndPoint.MaxPort)
            {
                options.Port = number;
            }
            else
            {
                errors.Add($"{ManagementOptions.Section}:{nameof(options.Port)} is '{port}'; it must be 0 to {IPEndPoint.MaxPort}.");
            }
        }

        if (section[nameof(options.AllowPlainText)] is { } allow)
        {
            if (bool.TryParse(allow, out bool isAllowed))
            {
                options.AllowPlainText = isAllowed;
            }
            else
            {
                errors.Add(
                    $"{ManagementOptions.Section}:{nameof(options.AllowPlainText)} is '{allow}'; it must be true or false.");
            }
        }
    }

    private static void CheckNoText(IConfigurationSection section, List<string> errors)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            errors.Add($"{section.Path} is a text; it must have settings below it.");
        }
    }
}
