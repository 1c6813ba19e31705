using Microsoft.Extensions.Options;
using OpenClaw.Edge.Configuration;
using OpenClaw.Notifier.Options;

namespace OpenClaw.Notifier.Configuration;

/// <summary>Reads the notifier's settings strictly and validates them.</summary>
internal sealed class NotifierOptionsFactory(IConfiguration configuration, IEnumerable<IValidateOptions<NotifierOptions>> validators)
    : OptionsFactory<NotifierOptions>([], [], validators)
{
    // The validator reports these errors, together with values out of range.
    protected override NotifierOptions CreateInstance(string name) =>
        StrictSettings.Read<NotifierOptions>(configuration, NotifierOptions.Section, []);
}
