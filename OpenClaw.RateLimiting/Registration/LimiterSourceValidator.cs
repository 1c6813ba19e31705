using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace OpenClaw.RateLimiting.Registration;

/// <summary>Validates the connection and the section of one limiter, together with its options, so that all errors are reported at
/// once.</summary>
internal sealed class LimiterSourceValidator(string optionsName, LimiterSource source, IServiceProvider services)
    : IValidateOptions<RedisRateLimiterOptions>
{
    public ValidateOptionsResult Validate(string? name, RedisRateLimiterOptions options)
    {
        if (name != optionsName)
        {
            return ValidateOptionsResult.Skip;
        }

        List<string> errors = [];
        if (source.FindConnectionError?.Invoke(services) is { } error)
        {
            errors.Add(error);
        }

        if (source.Section is not null)
        {
            errors.AddRange(source.Read().Errors);
        }

        if (source is { Section: IConfigurationSection section, IsHostSection: false } && !section.Exists())
        {
            errors.Add($"The section {section.Path}, which configures a rate limiter, is missing.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
