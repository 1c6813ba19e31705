using System.Globalization;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Options;
using OpenClaw.ServiceDefaults.Management;

namespace OpenClaw.Edge.Configuration;

/// <summary>Accepts the port and the address of the management listener under their earlier names, <c>OpenClaw:Edge:Admin:Port</c> and
/// <c>:Address</c>. Warns about them once.</summary>
internal sealed class EarlierManagementNames(IConfiguration configuration, ILogger<EarlierManagementNames> logger)
    : IPostConfigureOptions<ManagementOptions>
{
    private const string Earlier = $"{EdgeOptions.Section}:{nameof(EdgeOptions.Admin)}";

    private static readonly string[] Names = [nameof(ManagementOptions.Address), nameof(ManagementOptions.Port)];

    private int _isLogged;

    /// <summary>Finds settings that have different values under their two names.</summary>
    public static IEnumerable<string> FindConflicts(IConfiguration configuration) =>
        from name in Names
        let earlier = configuration[$"{Earlier}:{name}"]
        let current = configuration[$"{ManagementOptions.Section}:{name}"]
        where earlier is not null && current is not null && earlier != current
        select $"{Earlier}:{name} is '{earlier}' and {ManagementOptions.Section}:{name} is '{current}', but both are names of one setting: "
            + $"remove {Earlier}:{name}.";

    public void PostConfigure(string? name, ManagementOptions options)
    {
        string[] present = [.. Names.Where(setting => configuration[$"{Earlier}:{setting}"] is not null)];
        if (present.Length == 0)
        {
            return;
        }

        // Values that are not valid are reported with the edge's other settings.
        options.Address = configuration[$"{Earlier}:{nameof(options.Address)}"] is { } address && AddressText.TryParse(address, out _)
            ? address
            : options.Address;
        if (ushort.TryParse(
            configuration[$"{Earlier}:{nameof(options.Port)}"], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            options.Port = port;
        }

        if (Interlocked.Exchange(ref _isLogged, 1) == 0)
        {
            Log.EarlierNames(
                logger,
                string.Join(" and ", present.Select(setting => $"{Earlier}:{setting}")),
                string.Join(" and ", present.Select(setting => $"{ManagementOptions.Section}:{setting}")));
        }
    }
}
