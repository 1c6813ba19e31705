using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using OpenClaw.RateLimiting.Limiter;
using OpenClaw.RateLimiting.Redis;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Failures;

/// <summary>One replica of a service: a limiter with a connection, logs and metrics of its own.</summary>
internal sealed class Replica : IAsyncDisposable
{
    public const int OutageBegan = 21;
    public const int OutageEnded = 22;

    private readonly ConnectionMultiplexer _redis;
    private readonly ServiceProvider _services;
    private readonly ILoggerFactory _loggers;
    private readonly FakeLogCollector _log = new();

    private Replica(ConnectionMultiplexer redis, RedisRateLimiterOptions options)
    {
        _redis = redis;
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        _loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(new FakeLoggerProvider(_log)));
        IMeterFactory meters = _services.GetRequiredService<IMeterFactory>();
        Durations = new MetricCollector<double>(meters, "OpenClaw.RateLimiting", "openclaw.ratelimit.decision.duration");
        Limiter = new RateLimiterClient(redis, options, TimeProvider.System, _loggers, meters);
    }

    public RateLimiterClient Limiter { get; }

    /// <summary>How long each decision took, as the limiter saw it: without the wait for a thread that every caller has on a busy
    /// machine.</summary>
    public MetricCollector<double> Durations { get; }

    /// <summary>All lines of level information or above.</summary>
    public IReadOnlyList<FakeLogRecord> Lines => _log.GetSnapshot();

    /// <summary>Lines of level warning or above.</summary>
    public IReadOnlyList<string> Warnings
        => [.. _log.GetSnapshot().Where(line => line.Level >= LogLevel.Warning).Select(line => line.Message)];

    /// <summary>For calls that must not fail: the deadline is long enough for a busy machine.</summary>
    public static void Patient(RedisRateLimiterOptions options) => options.Deadline = TimeSpan.FromSeconds(5);

    public static async Task<Replica> StartAsync(
        string connectionString, string name = "a", Action<RedisRateLimiterOptions>? configure = null)
    {
        ConfigurationOptions connection = ConfigurationOptions.Parse(connectionString);
        RedisConnection.Configure(connection);
        RedisRateLimiterOptions options = new() { ReplicaName = name };
        configure?.Invoke(options);
        return new Replica(await ConnectionMultiplexer.ConnectAsync(connection), options);
    }

    /// <summary>One line reports the start of an outage with its reason, one its end, and there are no other warnings.</summary>
    /// <param name="traffic">A machine that was later than the deadline by itself may have split the outage in two, each told by two
    /// lines.</param>
    /// <param name="reasons">Reasons that are right for the beginning.</param>
    public void AssertOneOutage(Traffic traffic, params string[] reasons)
    {
        FakeLogRecord[] began = [.. _log.GetSnapshot().Where(line => line.Id.Id == OutageBegan)];
        Assert.Contains(began[0].GetStructuredStateValue("Reason"), reasons);
        Assert.InRange(began.Length, 1, traffic.MachineWasLate ? 2 : 1);
        Assert.Equal(began.Length, _log.GetSnapshot().Count(line => line.Id.Id == OutageEnded));
        Assert.Equal(began.Length, Warnings.Count);
    }

    public async ValueTask DisposeAsync()
    {
        await Limiter.DisposeAsync();
        Durations.Dispose();
        _loggers.Dispose();
        await _services.DisposeAsync();

        // Closed without waiting: the server may be gone.
        await _redis.CloseAsync(allowCommandsToComplete: false);
    }
}
