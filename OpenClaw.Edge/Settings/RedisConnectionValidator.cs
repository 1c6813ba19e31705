using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace OpenClaw.Edge.Settings;

/// <summary>Checks how Redis is connected to, together with everything else: the client names neither the setting nor, where it is empty, what is.</summary>
internal sealed class RedisConnectionValidator(IConfiguration configuration) : IValidateOptions<EdgeOptions>
{
    public ValidateOptionsResult Validate(string? name, EdgeOptions options)
    {
        if (configuration.GetConnectionString("redis") is not { } connection)
        {
            return ValidateOptionsResult.Skip;
        }

        try
        {
            ConfigurationOptions.Parse(connection);
            return ValidateOptionsResult.Success;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            // Not what is wrong with it: it may be a password with a comma in it.
            return ValidateOptionsResult.Fail("ConnectionStrings:redis cannot be read; it must be as StackExchange.Redis writes it, such as redis:6379,password=secret,ssl=true.");
        }
    }
}
