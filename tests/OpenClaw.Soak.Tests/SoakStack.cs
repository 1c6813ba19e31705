using System.Diagnostics;
using OpenClaw.Soak.Tests.Accounting;
using OpenClaw.Soak.Tests.Edges;
using OpenClaw.Soak.Tests.Faults;
using OpenClaw.Soak.Tests.InProcess;
using OpenClaw.Soak.Tests.Traffic;
using OpenClaw.TestServers;

namespace OpenClaw.Soak.Tests;

/// <summary>The system under test: three edges in front of an upstream, Redis with Sentinels, a limiter in this process, and their
/// clients.</summary>
internal sealed class SoakStack : IAsyncDisposable
{
    public const int EdgeCount = 3;

    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(10);

    private readonly Violations _violations;
    private readonly List<IAsyncDisposable> _servers = [];
    private readonly List<EdgeNode> _edges = [];
    private EdgeSettings? _settings;

    private SoakStack(Violations violations) => _violations = violations;

    public IReadOnlyList<EdgeNode> Edges => _edges;

    public RedisFaults Redis { get; private set; } = null!;

    public RuleChanges Rules { get; private set; } = null!;

    public LimiterLoad Limiter { get; private set; } = null!;

    public HttpTraffic Traffic { get; private set; } = null!;

    public LeavingClients Leaving { get; private set; } = null!;

    public EdgeAccounts Accounts { get; private set; } = null!;

    /// <summary>Starts everything and waits until all limiters decide in Redis and all rules are in force.</summary>
    public static async Task<SoakStack> StartAsync(SoakOptions options, Violations violations)
    {
        // While Sentinels fail over, the Redis client blocks pool threads, of this process too; measurements must not wait for new ones.
        ThreadPool.SetMinThreads(32, 32);
        SoakStack stack = new(violations);
        try
        {
            await stack.LaunchAsync(options.Seed);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until every limiter decides in Redis again, and returns how long that took.</summary>
    public async Task<double> RecoverAsync()
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            await Poll.UntilAsync("all limiters decide in Redis", async () =>
                await Limiter.IsRedisBackAsync()
                && (await Task.WhenAll(_edges.Select(edge => edge.ScrapeAsync()))).All(edge => edge.Circuit == 0), Recovery);
        }
        catch (TimeoutException exception)
        {
            _violations.Add("no recovery", $"{exception.Message} {exception.InnerException?.Message}");
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Waits until every edge has the last valid document and the last valid file in force.</summary>
    public async Task RulesInForceAsync()
    {
        try
        {
            await Poll.UntilAsync("every edge has the last rules in force", async () =>
            {
                foreach (EdgeNode edge in _edges)
                {
                    if (await Traffic.VersionAsync(edge, SoakPolicy.RedisMarker, new Answers()) != Rules.ValidDocument
                        || await Traffic.VersionAsync(edge, SoakPolicy.FileMarker, new Answers()) != _settings!.FileVersion)
                    {
                        return false;
                    }
                }

                return true;
            }, Recovery);
        }
        catch (TimeoutException)
        {
            _violations.Add("rules not in force",
                $"After {Recovery.TotalSeconds} s not every edge has document {Rules.ValidDocument} and file {_settings!.FileVersion}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (EdgeNode edge in _edges)
        {
            edge.Dispose();
        }

        foreach (IAsyncDisposable server in Enumerable.Reverse(_servers))
        {
            await server.DisposeAsync();
        }

        _settings?.Dispose();
    }

    private async Task LaunchAsync(int seed)
    {
        SentinelDeployment redis = await SentinelDeployment.StartAsync();
        _servers.Add(redis);
        Upstream upstream = await Upstream.StartAsync();
        _servers.Add(upstream);
        _settings = new EdgeSettings(upstream.Address);
        Rules = new RuleChanges(redis, _settings);
        Redis = new RedisFaults(redis, Rules);
        await Rules.WriteDocumentAsync(await Redis.SettledAsync(), isValid: true);
        for (int i = 1; i <= EdgeCount; i++)
        {
            _edges.Add(await EdgeNode.StartAsync($"edge-{i}", redis.ConnectionString, _settings, EdgeCount));
        }

        Limiter = await LimiterLoad.StartAsync(redis.ConnectionString, _violations, seed);
        _servers.Add(Limiter);
        Traffic = new HttpTraffic(_edges, _violations, seed);
        Leaving = new LeavingClients(_edges, seed);
        Accounts = new EdgeAccounts(_edges, upstream, Traffic, _violations);
        await RecoverAsync();
        await RulesInForceAsync();
        await Accounts.BeginAsync();
    }
}
