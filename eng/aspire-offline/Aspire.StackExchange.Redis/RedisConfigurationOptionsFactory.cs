using StackExchange.Redis.Configuration;

namespace Aspire.StackExchange.Redis;

/// <summary>
/// Starts each client's options from its connection string. That string parses into new options only, never into existing ones,
/// so a configure callback would come too late; everything that configures or validates options still runs after it.
/// </summary>
internal sealed class RedisConfigurationOptionsFactory(
    IServiceProvider services,
    IEnumerable<IConfigureOptions<ConfigurationOptions>> configure,
    IEnumerable<IPostConfigureOptions<ConfigurationOptions>> postConfigure,
    IEnumerable<IValidateOptions<ConfigurationOptions>> validate)
    : OptionsFactory<ConfigurationOptions>(configure, postConfigure, validate)
{
    protected override ConfigurationOptions CreateInstance(string name)
    {
        var connectionString = services.GetKeyedService<RedisClientRegistration>(name)?.Settings.ConnectionString;
        var options = connectionString is null ? base.CreateInstance(name) : ConfigurationOptions.Parse(connectionString);

        // Somebody's own provider (a cloud's, say) stays.
        if (options.Defaults.GetType() == typeof(DefaultOptionsProvider))
        {
            options.Defaults = new RetryingDefaults();
        }

        return options;
    }

    /// <summary>A Redis that is not up yet is waited for, instead of failing the service's start.</summary>
    private sealed class RetryingDefaults : DefaultOptionsProvider
    {
        public override bool AbortOnConnectFail => false;
    }
}
