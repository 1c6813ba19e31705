using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Configuration;

/// <summary>Reads the edge's settings strictly and validates them.</summary>
internal sealed class EdgeOptionsFactory(IConfiguration configuration, IEnumerable<IValidateOptions<EdgeOptions>> validators)
    : OptionsFactory<EdgeOptions>([], [], validators)
{
    // The validator reports these errors, together with values out of range.
    protected override EdgeOptions CreateInstance(string name) => StrictSettings.Read<EdgeOptions>(configuration, EdgeOptions.Section, []);
}
