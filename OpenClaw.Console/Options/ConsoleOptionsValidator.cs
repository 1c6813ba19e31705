using System.Net;
using Microsoft.Extensions.Options;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Console.Options;

/// <summary>Validates names, types and ranges of all settings, and the key folder. Reports all errors at once.</summary>
internal sealed class ConsoleOptionsValidator(IConfiguration configuration) : IValidateOptions<ConsoleOptions>
{
    private const string Section = ConsoleOptions.Section;
    private const string OpenIdConnect = $"{Section}:OpenIdConnect";

    public ValidateOptionsResult Validate(string? name, ConsoleOptions options)
    {
        List<string> errors = [];
        StrictSettings.Read<ConsoleOptions>(configuration, Section, errors);
        errors.AddRange(Errors(options));
        errors.AddRange(Errors(options.OpenIdConnect));
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Errors(ConsoleOptions options)
    {
        if (!IsHttp(options.Edge, out _))
        {
            yield return $"{Section}:Edge is '{SettingText.Shown(options.Edge)}'; it must be the http or https address of the edge's "
                + "management listener, such as http://localhost:9090.";
        }

        if (options.AdminKey.Length == 0)
        {
            yield return $"{Section}:AdminKey is not set; it must be the edge's OpenClaw:Edge:Admin:Key.";
        }
        else if (options.AdminKey.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            yield return $"{Section}:AdminKey must be printable ASCII without spaces, as the edge's OpenClaw:Edge:Admin:Key is.";
        }

        if (options.SessionLifetime < TimeSpan.FromMinutes(1) || options.SessionLifetime > TimeSpan.FromDays(30))
        {
            yield return $"{Section}:SessionLifetime is {options.SessionLifetime}; it must be 00:01:00 to 30.00:00:00.";
        }

        if (options.KeyFolder.Length > 0 && FindFault(options.KeyFolder) is { } fault)
        {
            yield return $"{Section}:KeyFolder is '{options.KeyFolder}', where the console cannot keep keys: {fault} "
                + "It must be a folder, or the path of a new one, in which the console's user may create files.";
        }

        for (int i = 0; i < options.TrustedNetworks.Count; i++)
        {
            string text = options.TrustedNetworks[i];
            if (!IPAddress.TryParse(text, out _) && !IPNetwork.TryParse(text, out _))
            {
                yield return $"{Section}:TrustedNetworks:{i} is '{text}'; it must be an address or a network, such as 10.0.0.0/8.";
            }
        }
    }

    // Without this, the first sign-in would fail.
    private static string? FindFault(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            string probe = Path.Combine(folder, $".probe-{Guid.NewGuid():N}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    private static IEnumerable<string> Errors(OpenIdConnectSettings settings)
    {
        if (!settings.IsEnabled)
        {
            if (settings.ClientId.Length > 0 || settings.ClientSecret.Length > 0 || settings.RequiredClaim.Length > 0)
            {
                yield return $"{OpenIdConnect}:Authority is not set, but other settings of the section are; "
                    + "set it to the provider's address, or remove them.";
            }

            yield break;
        }

        if (!IsHttp(settings.Authority, out Uri? authority) || (authority.Scheme == Uri.UriSchemeHttp && !authority.IsLoopback))
        {
            yield return $"{OpenIdConnect}:Authority is '{SettingText.Shown(settings.Authority)}'; it must be an https address "
                + "(http only on loopback).";
        }

        if (settings.ClientId.Length == 0)
        {
            yield return $"{OpenIdConnect}:ClientId is not set; it must be the console's id at the provider.";
        }

        if (settings.RequiredClaim.Length > 0 != settings.RequiredValue.Length > 0)
        {
            yield return $"{OpenIdConnect}:RequiredClaim and :RequiredValue must both be set, or neither.";
        }
    }

    private static bool IsHttp(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address) && address is { Scheme: "http" or "https", Host.Length: > 0 };
}
