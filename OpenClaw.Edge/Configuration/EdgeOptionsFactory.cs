using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;

namespace OpenClaw.Edge.Configuration;

/// <summary>Reads the edge's settings strictly and validates them.</summary>
internal sealed class EdgeOptionsFactory(IConfiguration configuration, IEnumerable<IValidateOptions<EdgeOptions>> validators)
    : OptionsFactory<EdgeOptions>([], [], validators)
{
    // What does not fit is reported by the validator, together with what is out of range.
    protected override EdgeOptions CreateInstance(string name) => StrictSettings.Read<EdgeOptions>(configuration, EdgeOptions.Section, []);
}
