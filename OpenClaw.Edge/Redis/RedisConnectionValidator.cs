using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using OpenClaw.RateLimiting.Redis;

namespace OpenClaw.Edge.Redis;

/// <summary>Validates the connection string at start, together with all other settings. The client's own error does not name the setting,
/// and may quote a part of a password.</summary>
internal sealed class RedisConnectionValidator(IConfiguration configuration) : IValidateOptions<EdgeOptions>
{
    // The section of Aspire's client integration, which may hold the connection string instead.
    private const string Component = "Aspire:StackExchange:Redis";

    private const string SecretsPlace =
        $"{EdgeOptions.Section}:{nameof(EdgeOptions.Redis)}:{nameof(RedisOptions.Password)} or one of its neighbours";

    private static readonly string[] Paths =
        ["ConnectionStrings:redis", $"{Component}:ConnectionString", $"{Component}:redis:ConnectionString"];

    public ValidateOptionsResult Validate(string? name, EdgeOptions options)
    {
        if (configuration[Paths[0]] is null && !configuration.GetSection(Component).Exists())
        {
            return ValidateOptionsResult.Fail($"{Paths[0]} {RedisConnection.FindError(null, SecretsPlace)}");
        }

        List<string> errors = [];
        foreach (string path in Paths)
        {
            if (configuration[path] is { } connection && RedisConnection.FindError(connection, SecretsPlace) is { } error)
            {
                errors.Add($"{path} {error}");
            }
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
