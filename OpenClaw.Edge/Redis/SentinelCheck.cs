using OpenClaw.RateLimiting;
using StackExchange.Redis;

namespace OpenClaw.Edge.Redis;

/// <summary>Logs once per outage why the Sentinels name no master: the client only says that it cannot connect.</summary>
internal sealed class SentinelCheck(
    SentinelConnection connection, IRateLimiterHealth health, TimeProvider time, ILogger<SentinelCheck> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        bool isLogged = false;
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (health.Circuit == CircuitState.Closed)
                {
                    isLogged = false;
                }
                else if (!isLogged
                    && connection.Options is { ServiceName.Length: > 0 } options
                    && await FindErrorAsync(options).WaitAsync(stoppingToken) is { } error)
                {
                    isLogged = true;
                    Log.NoMaster(logger, error);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    // Null when the Sentinels name a master, or none of them answers.
    private static async Task<string?> FindErrorAsync(ConfigurationOptions options)
    {
        ConfigurationOptions own = options.Clone();
        own.User = options.SentinelUser ?? options.User;
        own.Password = options.SentinelPassword ?? options.Password;
        try
        {
            await using ConnectionMultiplexer sentinels = await ConnectionMultiplexer.SentinelConnectAsync(own);
            foreach (IServer sentinel in sentinels.GetServers())
            {
                try
                {
                    return await sentinel.SentinelGetMasterAddressByNameAsync(options.ServiceName!) is null
                        ? $"The Sentinels know no service {options.ServiceName}: set serviceName in the connection string"
                        : null;
                }
                catch (Exception exception) when (IsPasswordRefused(exception))
                {
                    return "The Sentinels refuse the password: set Redis:SentinelPassword";
                }
                catch (Exception exception) when (exception is RedisException or TimeoutException)
                {
                    // Another Sentinel may answer.
                }
            }
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
        }

        return null;
    }

    private static bool IsPasswordRefused(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is RedisServerException { Kind: RedisErrorKind.NoAuth }
                or RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure, InnerException: not IOException })
            {
                return true;
            }
        }

        return false;
    }
}
