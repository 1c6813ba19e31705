using Microsoft.Extensions.Options;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Console.Options;

/// <summary>Reads the console's settings strictly and validates them.</summary>
internal sealed class ConsoleOptionsFactory(IConfiguration configuration, IEnumerable<IValidateOptions<ConsoleOptions>> validators)
    : OptionsFactory<ConsoleOptions>([], [], validators)
{
    // The validator reports these errors, together with values out of range.
    protected override ConsoleOptions CreateInstance(string name) =>
        StrictSettings.Read<ConsoleOptions>(configuration, ConsoleOptions.Section, []);
}
