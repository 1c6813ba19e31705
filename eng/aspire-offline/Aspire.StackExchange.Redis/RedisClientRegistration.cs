using Microsoft.Extensions.Logging;

namespace Aspire.StackExchange.Redis;

/// <summary>One registered client: its settings, and how it connects.</summary>
/// <param name="ConnectionName">The name under <c>ConnectionStrings</c>.</param>
/// <param name="OptionsName">The name of its <see cref="ConfigurationOptions"/>: empty for the client without a key.</param>
/// <param name="Settings">What it was registered with.</param>
internal sealed record RedisClientRegistration(string ConnectionName, string OptionsName, StackExchangeRedisSettings Settings)
{
    public const string ConfigurationSection = "Aspire:StackExchange:Redis";

    public ConnectionMultiplexer Connect(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptionsMonitor<ConfigurationOptions>>().Get(OptionsName);
        if (options.EndPoints.Count == 0)
        {
            throw new InvalidOperationException(
                $"No endpoints specified. Ensure a valid connection string was provided in 'ConnectionStrings:{ConnectionName}' or for the '{ConfigurationSection}:ConnectionString' configuration key.");
        }

        options.LoggerFactory ??= services.GetService<ILoggerFactory>();
        var connection = ConnectionMultiplexer.Connect(options);
        if (!Settings.DisableTracing)
        {
            services.GetRequiredService<Tracing.RedisSpans>().Follow(connection);
        }

        return connection;
    }
}
