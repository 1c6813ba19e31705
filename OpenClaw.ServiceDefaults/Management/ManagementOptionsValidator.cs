using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace OpenClaw.ServiceDefaults.Management;

/// <summary>Validates the settings of the management listener. Reports all errors at once.</summary>
internal sealed class ManagementOptionsValidator(IConfiguration configuration) : IValidateOptions<ManagementOptions>
{
    private const string Section = ManagementOptions.Section;

    /// <summary>Settings of the public ports, and the environment variables that set them.</summary>
    private static readonly (string Key, string Variable)[] PublicPorts =
        [("urls", "ASPNETCORE_URLS"), ("http_ports", "ASPNETCORE_HTTP_PORTS"), ("https_ports", "ASPNETCORE_HTTPS_PORTS")];

    public ValidateOptionsResult Validate(string? name, ManagementOptions options)
    {
        List<string> errors = [];
        ManagementOptionsReader.Read(configuration, new ManagementOptions(), errors);
        CheckCertificate(options.Certificate, errors);
        CheckAddress(options, errors);
        CheckPort(options.Port, errors);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void CheckAddress(ManagementOptions options, List<string> errors)
    {
        if (!TryParse(options.Address, out IPAddress? address))
        {
            errors.Add($"{Section}:Address is '{options.Address}'; it must be an IP address such as 127.0.0.1 or 0.0.0.0.");
        }
        else if (!IPAddress.IsLoopback(address) && options.Certificate.Path.Length == 0 && !options.AllowPlainText)
        {
            errors.Add(
                $"{Section}:Address is {address}, which other machines can reach without TLS: set {Section}:Certificate:Path, or "
                    + $"{Section}:AllowPlainText=true where only trusted machines can.");
        }
    }

    private static void CheckCertificate(ManagementCertificateOptions options, List<string> errors)
    {
        if (options.Path.Length == 0)
        {
            if (options.KeyPath.Length > 0)
            {
                errors.Add($"{Section}:Certificate:Path is missing; {Section}:Certificate:KeyPath needs it.");
            }
        }
        else if (!ManagementCertificate.TryLoad(options, out string error))
        {
            errors.Add(error);
        }
    }

    private void CheckPort(int port, List<string> errors)
    {
        foreach ((string key, string variable) in PublicPorts)
        {
            if (port > 0 && PortsIn(configuration[key]).Contains(port))
            {
                errors.Add($"{Section}:Port is {port}, and so is a public port ({variable}); each needs a port of its own.");
            }
        }
    }

    // Invalid addresses are left out: Kestrel reports them.
    private static IEnumerable<int> PortsIn(string? addresses) =>
        from address in (addresses ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        select int.TryParse(address, out int port) ? port : PortOf(address);

    private static int PortOf(string address)
    {
        try
        {
            return BindingAddress.Parse(address).Port;
        }
        catch (FormatException)
        {
            return 0;
        }
    }

    /// <summary>Parses an address. Stricter than .NET, which takes "10" for 0.0.0.10.</summary>
    private static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(text, out address) && (text.Contains(':') || address.ToString() == text);
}
