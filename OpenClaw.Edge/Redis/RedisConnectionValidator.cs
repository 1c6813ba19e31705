using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;

namespace OpenClaw.Edge.Redis;

/// <summary>Checks how Redis is connected to, together with everything else: the client names neither the setting nor, where it is empty, what is; and it may repeat what is
/// wrong, which may be a part of a password.</summary>
internal sealed class RedisConnectionValidator(IConfiguration configuration) : IValidateOptions<EdgeOptions>
{
    // The client component's own section, which says it just as well.
    private const string Component = "Aspire:StackExchange:Redis";

    private static readonly string[] Paths = ["ConnectionStrings:redis", $"{Component}:ConnectionString", $"{Component}:redis:ConnectionString"];

    public ValidateOptionsResult Validate(string? name, EdgeOptions options)
    {
        if (configuration[Paths[0]] is null && !configuration.GetSection(Component).Exists())
        {
            return ValidateOptionsResult.Fail($"{Paths[0]} {RedisConnectionString.Missing}");
        }

        List<string> errors = [];
        foreach (string path in Paths)
        {
            if (configuration[path] is { } connection && RedisConnectionString.FindError(connection) is { } error)
            {
                errors.Add($"{path} {error}");
            }
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
