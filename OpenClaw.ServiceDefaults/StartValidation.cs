using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace OpenClaw.ServiceDefaults;

/// <summary>Validates all settings when a web application is built, which configures Kestrel. Whatever uses an invalid setting first would
/// otherwise hide the errors of all others.</summary>
internal sealed class StartValidation(IStartupValidator validator) : IConfigureOptions<KestrelServerOptions>
{
    /// <exception cref="OptionsValidationException">Settings are invalid; it names each error once.</exception>
    public void Configure(KestrelServerOptions options)
    {
        try
        {
            validator.Validate();
        }
        catch (AggregateException exception) when (exception.InnerExceptions.All(inner => inner is OptionsValidationException))
        {
            // Options made from others repeat the errors of those.
            throw new OptionsValidationException("", typeof(object),
                exception.InnerExceptions.SelectMany(inner => ((OptionsValidationException)inner).Failures).Distinct());
        }
    }
}
