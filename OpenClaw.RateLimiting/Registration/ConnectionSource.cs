using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.RateLimiting.Configuration;
using OpenClaw.RateLimiting.Redis;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Registration;

/// <summary>Finds the connection string of a limiter and configures its connection.</summary>
/// <param name="read">Reads the settings, which name the connection string or contain it.</param>
/// <param name="path">Path of the settings, for errors; empty for the root.</param>
/// <param name="configure">Changes the connection, such as its password. Timeouts and roles are set afterwards.</param>
internal sealed class ConnectionSource(
    Func<RedisRateLimiterSettings> read, string path, Action<ConfigurationOptions>? configure)
{
    private const string SecretsPlace = "the ConfigurationOptions that the registration can change (configureConnection)";

    /// <summary>The connection that a section names.</summary>
    public static ConnectionSource Of(IConfiguration section, Action<ConfigurationOptions>? configure) => new(
        () => LimiterSection.Read(section, isHost: false).Settings, (section as IConfigurationSection)?.Path ?? "", configure);

    /// <summary>Describes the error in the connection string without quoting any part of it; null when it is valid.</summary>
    public string? FindError(IServiceProvider services)
    {
        RedisRateLimiterSettings settings = read();
        string setting = settings.ConnectionString is null ? $"ConnectionStrings:{settings.ConnectionName}"
            : path.Length == 0 ? nameof(settings.ConnectionString)
            : $"{path}:{nameof(settings.ConnectionString)}";
        return RedisConnection.FindError(TextOf(settings, services), SecretsPlace) is { } error ? $"{setting} {error}" : null;
    }

    /// <summary>Options of the connection, with the settings that the guarantees require.</summary>
    public ConfigurationOptions Create(IServiceProvider services)
    {
        ConfigurationOptions options = ConfigurationOptions.Parse(TextOf(read(), services)!);
        configure?.Invoke(options);
        RedisConnection.Configure(options);
        return options;
    }

    // An empty connection string, such as that of an unset variable, counts as missing.
    private static string? TextOf(RedisRateLimiterSettings settings, IServiceProvider services)
        => (settings.ConnectionString ?? services.GetService<IConfiguration>()?.GetConnectionString(settings.ConnectionName))
            is { Length: > 0 } text ? text : null;
}
