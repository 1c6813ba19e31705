using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.RateLimiting;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Redis;
using OpenClaw.RateLimiting.Registration;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers limiters on Redis: <see cref="IRateLimiterClient"/>, <see cref="IRateLimiterAdmin"/>, <see
/// cref="IRateLimiterHealth"/> and <see cref="IRateLimitPolicies"/>. Does no I/O before the application starts. Invalid settings stop the
/// application at start, with all errors in one <see cref="OptionsValidationException"/>.</summary>
public static class RedisRateLimiterServiceCollectionExtensions
{
    /// <summary>Adds a limiter with its own connection to <c>ConnectionStrings:&lt;name&gt;</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="connectionName">Name of the connection string.</param>
    /// <param name="configureOptions">Changes the options of the limiter.</param>
    /// <param name="configureConnection">Changes the connection, such as its password. Timeouts and roles are set afterwards.</param>
    /// <exception cref="InvalidOperationException">There is a limiter already.</exception>
    public static IServiceCollection AddRedisRateLimiter(
        this IServiceCollection services,
        string connectionName,
        Action<RedisRateLimiterOptions>? configureOptions = null,
        Action<ConfigurationOptions>? configureConnection = null)
        => AddByName(services, null, connectionName, configureOptions, configureConnection);

    /// <summary>Adds a limiter configured by a section: options, <c>Policies</c>, and <c>ConnectionName</c> or
    /// <c>ConnectionString</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The section. Changes of its policies take effect without a restart.</param>
    /// <param name="configureOptions">Changes the options of the limiter.</param>
    /// <param name="configureConnection">Changes the connection, such as its password. Timeouts and roles are set afterwards.</param>
    /// <exception cref="InvalidOperationException">There is a limiter already.</exception>
    public static IServiceCollection AddRedisRateLimiter(
        this IServiceCollection services,
        IConfiguration section,
        Action<RedisRateLimiterOptions>? configureOptions = null,
        Action<ConfigurationOptions>? configureConnection = null)
        => AddBySection(services, null, section, configureOptions, configureConnection);

    /// <summary>Adds a limiter with its own connection, whose options a factory creates. Timeouts and roles are set afterwards.</summary>
    /// <param name="services">The services.</param>
    /// <param name="connection">Makes the options: addresses, credentials, TLS.</param>
    /// <param name="configureOptions">Changes the options of the limiter.</param>
    /// <exception cref="InvalidOperationException">There is a limiter already.</exception>
    public static IServiceCollection AddRedisRateLimiter(
        this IServiceCollection services,
        Func<IServiceProvider, ConfigurationOptions> connection,
        Action<RedisRateLimiterOptions>? configureOptions = null)
        => AddByFactory(services, null, connection, configureOptions);

    /// <summary>Adds a limiter on a connection that is shared with other code. The limiter neither configures nor disposes it. Configure it
    /// with <see cref="RedisConnection.Configure"/>; otherwise a warning is logged.</summary>
    /// <param name="services">The services.</param>
    /// <param name="connection">Finds the connection.</param>
    /// <param name="configureOptions">Changes the options of the limiter.</param>
    /// <exception cref="InvalidOperationException">There is a limiter already.</exception>
    public static IServiceCollection AddRedisRateLimiter(
        this IServiceCollection services,
        Func<IServiceProvider, IConnectionMultiplexer> connection,
        Action<RedisRateLimiterOptions>? configureOptions = null)
        => AddByConnection(services, null, connection, configureOptions);

    /// <summary>Adds a limiter under a key, with its own connection to <c>ConnectionStrings:&lt;name&gt;</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="key">Key of its services.</param>
    /// <param name="connectionName">Name of the connection string.</param>
    /// <param name="configureOptions">Changes the options of the limiter. Limiters with the same prefix on the same Redis share their
    /// buckets.</param>
    /// <param name="configureConnection">Changes the connection, such as its password. Timeouts and roles are set afterwards.</param>
    /// <exception cref="InvalidOperationException">There is a limiter under this key.</exception>
    public static IServiceCollection AddKeyedRedisRateLimiter(
        this IServiceCollection services,
        string key,
        string connectionName,
        Action<RedisRateLimiterOptions>? configureOptions = null,
        Action<ConfigurationOptions>? configureConnection = null)
        => AddByName(services, Checked(key), connectionName, configureOptions, configureConnection);

    /// <summary>Adds a limiter under a key, configured by a section: options, <c>Policies</c>, and <c>ConnectionName</c> or
    /// <c>ConnectionString</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="key">Key of its services.</param>
    /// <param name="section">The section. Changes of its policies take effect without a restart.</param>
    /// <param name="configureOptions">Changes the options of the limiter.</param>
    /// <param name="configureConnection">Changes the connection, such as its password. Timeouts and roles are set afterwards.</param>
    /// <exception cref="InvalidOperationException">There is a limiter under this key.</exception>
    public static IServiceCollection AddKeyedRedisRateLimiter(
        this IServiceCollection services,
        string key,
        IConfiguration section,
        Action<RedisRateLimiterOptions>? configureOptions = null,
        Action<ConfigurationOptions>? configureConnection = null)
        => AddBySection(services, Checked(key), section, configureOptions, configureConnection);

    /// <summary>Adds a limiter under a key, with its own connection, whose options a factory creates.</summary>
    /// <param name="services">The services.</param>
    /// <param name="key">Key of its services.</param>
    /// <param name="connection">Makes the options: addresses, credentials, TLS.</param>
    /// <param name="configureOptions">Changes the options of the limiter.</param>
    /// <exception cref="InvalidOperationException">There is a limiter under this key.</exception>
    public static IServiceCollection AddKeyedRedisRateLimiter(
        this IServiceCollection services,
        string key,
        Func<IServiceProvider, ConfigurationOptions> connection,
        Action<RedisRateLimiterOptions>? configureOptions = null)
        => AddByFactory(services, Checked(key), connection, configureOptions);

    /// <summary>Adds a limiter under a key, on a connection that is shared with other code. The limiter neither configures nor disposes it.
    /// Configure it with <see cref="RedisConnection.Configure"/>; otherwise a warning is logged.</summary>
    /// <param name="services">The services.</param>
    /// <param name="key">Key of its services.</param>
    /// <param name="connection">Finds the connection.</param>
    /// <param name="configureOptions">Changes the options of the limiter.</param>
    /// <exception cref="InvalidOperationException">There is a limiter under this key.</exception>
    public static IServiceCollection AddKeyedRedisRateLimiter(
        this IServiceCollection services,
        string key,
        Func<IServiceProvider, IConnectionMultiplexer> connection,
        Action<RedisRateLimiterOptions>? configureOptions = null)
        => AddByConnection(services, Checked(key), connection, configureOptions);

    private static IServiceCollection AddByName(
        IServiceCollection services,
        string? key,
        string connectionName,
        Action<RedisRateLimiterOptions>? configureOptions,
        Action<ConfigurationOptions>? configureConnection)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        ConnectionSource connection = new(() => new RedisRateLimiterSettings { ConnectionName = connectionName }, "", configureConnection);
        return AddOwned(services, key, connection, null, configureOptions);
    }

    private static IServiceCollection AddBySection(
        IServiceCollection services,
        string? key,
        IConfiguration section,
        Action<RedisRateLimiterOptions>? configureOptions,
        Action<ConfigurationOptions>? configureConnection)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        ConnectionSource connection = ConnectionSource.Of(section, configureConnection);
        return AddOwned(services, key, connection, section, configureOptions);
    }

    private static IServiceCollection AddOwned(
        IServiceCollection services,
        string? key,
        ConnectionSource connection,
        IConfiguration? section,
        Action<RedisRateLimiterOptions>? configureOptions)
    {
        LimiterServices limiter = new(services, key);
        limiter.AddRedis(
            new LimiterSource
            {
                Create = limiter.Create,
                Connection = connection.Create,
                FindConnectionError = connection.FindError,
                Section = section,
            },
            configureOptions);
        return services;
    }

    private static IServiceCollection AddByFactory(
        IServiceCollection services,
        string? key,
        Func<IServiceProvider, ConfigurationOptions> connection,
        Action<RedisRateLimiterOptions>? configureOptions)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(connection);
        LimiterServices limiter = new(services, key);
        limiter.AddRedis(
            new LimiterSource
            {
                Create = limiter.Create,
                Connection = provider =>
                {
                    ConfigurationOptions options = connection(provider).Clone();
                    RedisConnection.Configure(options);
                    return options;
                },
            },
            configureOptions);
        return services;
    }

    private static IServiceCollection AddByConnection(
        IServiceCollection services,
        string? key,
        Func<IServiceProvider, IConnectionMultiplexer> connection,
        Action<RedisRateLimiterOptions>? configureOptions)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(connection);
        LimiterServices limiter = new(services, key);
        limiter.AddRedis(
            new LimiterSource
            {
                Create = provider => limiter.Create(provider, owner =>
                {
                    IConnectionMultiplexer redis = connection(owner);
                    RedisConnection.Check(redis, LimiterServices.LoggersOf(owner).CreateLogger<RateLimiterClient>());
                    return redis;
                }),
            },
            configureOptions);
        return services;
    }

    private static string Checked(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return key;
    }
}
