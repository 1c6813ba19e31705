using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace OpenClaw.ServiceDefaults;

/// <summary>Validates all settings when a web application is built, which configures Kestrel. Whatever uses an invalid setting first would
/// otherwise hide the errors of all others.</summary>
internal sealed class StartValidation(IStartupValidator validator) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions options) => validator.Validate();
}
