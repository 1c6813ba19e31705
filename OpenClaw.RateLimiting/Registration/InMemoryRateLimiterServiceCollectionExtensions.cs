using Microsoft.Extensions.Configuration;
using OpenClaw.RateLimiting;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Registration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers limiters in memory, for a single replica and for tests. They decide exactly as with Redis, on the clock of the
/// registered <see cref="TimeProvider"/>, which a test can fake.</summary>
public static class InMemoryRateLimiterServiceCollectionExtensions
{
    /// <summary>Adds a limiter in memory, or replaces the registered limiter by one with the same policies.</summary>
    public static IServiceCollection AddInMemoryRateLimiter(this IServiceCollection services) => Add(services, null, null);

    /// <summary>Adds a limiter in memory with the policies of a section, or replaces the registered limiter by one.</summary>
    public static IServiceCollection AddInMemoryRateLimiter(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return Add(services, null, section);
    }

    /// <summary>Adds a limiter in memory under a key, or replaces the limiter registered under it by one with the same policies.</summary>
    public static IServiceCollection AddKeyedInMemoryRateLimiter(this IServiceCollection services, string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return Add(services, key, null);
    }

    /// <summary>Adds a limiter in memory under a key, with the policies of a section, or replaces the limiter registered under it by
    /// one.</summary>
    public static IServiceCollection AddKeyedInMemoryRateLimiter(this IServiceCollection services, string key, IConfiguration section)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(section);
        return Add(services, key, section);
    }

    private static IServiceCollection Add(IServiceCollection services, string? key, IConfiguration? section)
    {
        ArgumentNullException.ThrowIfNull(services);
        new LimiterServices(services, key).AddInMemory(new LimiterSource
        {
            Create = provider => RateLimiterClient.InMemory(provider.GetRequiredService<TimeProvider>()),
            Section = section,
        });
        return services;
    }
}
