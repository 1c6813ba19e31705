using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OpenClaw.RateLimiting.Configuration;
using OpenClaw.RateLimiting.Limiter;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Registration;

/// <summary>Services of one limiter, keyed or not.</summary>
/// <param name="services">The services.</param>
/// <param name="key">Key of the limiter; null for the one without a key.</param>
internal sealed class LimiterServices(IServiceCollection services, string? key)
{
    private string OptionsName => key ?? Options.DefaultName;

    /// <summary>Adds a limiter on Redis.</summary>
    /// <exception cref="InvalidOperationException">There is a limiter under this key.</exception>
    public void AddRedis(LimiterSource source, Action<RedisRateLimiterOptions>? configure)
    {
        if (FindSource() is not null)
        {
            throw new InvalidOperationException(key is null
                ? "A rate limiter is registered already. Register a second one by AddKeyedRedisRateLimiter."
                : $"A rate limiter is registered under the key '{key}' already. Use another key for a second one.");
        }

        if (source.Section is { } section)
        {
            services.Configure<RedisRateLimiterOptions>(OptionsName, options => LimiterSection.Apply(section, options));
        }

        if (configure is not null)
        {
            services.Configure(OptionsName, configure);
        }

        AddSource(source);
    }

    /// <summary>Adds a limiter in memory, or replaces the registered limiter by one with the same policies.</summary>
    public void AddInMemory(LimiterSource source)
    {
        LimiterSource? former = FindSource();
        AddSource(source.Section is null && former is not null
            ? source with { Section = former.Section, IsHostSection = former.IsHostSection }
            : source);
    }

    /// <summary>Creates a limiter on a connection. Reads the options first: a host creates its services before it validates options, and
    /// invalid settings should be reported even while Redis does not answer.</summary>
    public RateLimiterClient Create(IServiceProvider provider, Func<IServiceProvider, IConnectionMultiplexer> connection)
    {
        RedisRateLimiterOptions options = provider.GetRequiredService<IOptionsMonitor<RedisRateLimiterOptions>>().Get(OptionsName);
        return new RateLimiterClient(
            connection(provider),
            options,
            provider.GetRequiredService<TimeProvider>(),
            LoggersOf(provider),
            provider.GetRequiredService<IMeterFactory>());
    }

    /// <summary>Creates a limiter on the connection that it owns.</summary>
    public RateLimiterClient Create(IServiceProvider provider) => Create(provider, own => Get<OwnedConnection>(own).Redis);

    /// <summary>A service of this limiter.</summary>
    public T Get<T>(IServiceProvider provider)
        where T : notnull
        => key is null ? provider.GetRequiredService<T>() : provider.GetRequiredKeyedService<T>(key);

    /// <summary>The logger factory, or one that logs nothing.</summary>
    public static ILoggerFactory LoggersOf(IServiceProvider provider)
        => provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;

    private void AddSource(LimiterSource source)
    {
        bool isFirst = FindSource() is null;
        services.Replace(key is null ? ServiceDescriptor.Singleton(source) : ServiceDescriptor.KeyedSingleton(key, source));
        if (!isFirst)
        {
            return;
        }

        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptionsWithValidateOnStart<RedisRateLimiterOptions>(OptionsName);
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<RedisRateLimiterOptions>, RedisRateLimiterOptionsValidator>());
        services.AddSingleton<IValidateOptions<RedisRateLimiterOptions>>(
            provider => new LimiterSourceValidator(OptionsName, Get<LimiterSource>(provider), provider));
        Add(provider => new OwnedConnection(ConnectionMultiplexer.Connect(Get<LimiterSource>(provider).Connection!(provider))));
        Add(provider => Get<LimiterSource>(provider).Create(provider));
        Add<IRateLimiterClient>(Get<RateLimiterClient>);
        Add<IRateLimiterAdmin>(Get<RateLimiterClient>);
        Add(provider => Get<RateLimiterClient>(provider).Health);
        Add<IRateLimitPolicies>(provider =>
        {
            LimiterSource source = Get<LimiterSource>(provider);
            return new ConfiguredPolicies(source.Section, source.Read, LoggersOf(provider).CreateLogger<ConfiguredPolicies>());
        });
        services.AddSingleton<IHostedService>(provider =>
            new LimiterWarmUp(Get<RateLimiterClient>(provider), provider.GetRequiredService<TimeProvider>()));
    }

    private LimiterSource? FindSource() => services
        .Where(service => service.ServiceType == typeof(LimiterSource) && Equals(service.ServiceKey, key))
        .Select(service => (LimiterSource?)(service.IsKeyedService ? service.KeyedImplementationInstance : service.ImplementationInstance))
        .FirstOrDefault();

    private void Add<T>(Func<IServiceProvider, T> create)
        where T : class
    {
        if (key is null)
        {
            services.TryAddSingleton(create);
        }
        else
        {
            services.TryAddKeyedSingleton(key, (provider, _) => create(provider));
        }
    }
}
