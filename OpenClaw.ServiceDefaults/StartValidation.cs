using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace OpenClaw.ServiceDefaults;

/// <summary>Validates all settings when a web application is built, which configures Kestrel. Otherwise the first use of an invalid setting
/// would hide all other errors.</summary>
internal sealed class StartValidation(IStartupValidator validator) : IConfigureOptions<KestrelServerOptions>
{
    /// <exception cref="OptionsValidationException">Settings are invalid. The exception has all errors, each once.</exception>
    public void Configure(KestrelServerOptions options)
    {
        try
        {
            validator.Validate();
        }
        catch (AggregateException errors) when (errors.InnerExceptions.All(error => error is OptionsValidationException))
        {
            // Options that derive from others repeat their errors.
            OptionsValidationException[] invalid = [.. errors.InnerExceptions.Cast<OptionsValidationException>()];
            throw new OptionsValidationException(
                invalid[0].OptionsName, invalid[0].OptionsType, invalid.SelectMany(error => error.Failures).Distinct());
        }
    }
}
