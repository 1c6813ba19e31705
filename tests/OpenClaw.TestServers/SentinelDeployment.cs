namespace OpenClaw.TestServers;

/// <summary>One master, two replicas and three Sentinels that fail over within about two seconds.</summary>
public sealed class SentinelDeployment : IAsyncDisposable
{
    /// <summary>The name under which the Sentinels know the master.</summary>
    public const string ServiceName = "openclaw";

    private readonly List<RedisServer> _servers = [];
    private readonly List<RedisServer> _sentinels = [];

    private readonly string? _password;
    private readonly string? _sentinelPassword;

    private SentinelDeployment(string? password, string? sentinelPassword)
    {
        _password = password;
        _sentinelPassword = sentinelPassword;
    }

    /// <summary>The Redis servers; the first one starts as the master.</summary>
    public IReadOnlyList<RedisServer> Servers => _servers;

    /// <summary>The Sentinels.</summary>
    public IReadOnlyList<RedisServer> Sentinels => _sentinels;

    /// <summary>The StackExchange.Redis configuration string that finds the master through the Sentinels.</summary>
    public string ConnectionString => $"{string.Join(',', _sentinels.Select(sentinel => sentinel.EndPoint))},serviceName={ServiceName}";

    /// <summary>Starts everything and waits until each Sentinel knows the others and the replicas follow the master.</summary>
    /// <param name="password">What the Redis servers want. Default nothing.</param>
    /// <param name="sentinelPassword">What the Sentinels want. Default nothing.</param>
    public static async Task<SentinelDeployment> StartAsync(string? password = null, string? sentinelPassword = null)
    {
        SentinelDeployment deployment = new(password, sentinelPassword);
        try
        {
            await deployment.LaunchAsync();
            return deployment;
        }
        catch
        {
            await deployment.DisposeAsync();
            throw;
        }
    }

    /// <summary>The server that the Sentinels agree is the master; null while they do not.</summary>
    public async Task<RedisServer?> FindMasterAsync()
    {
        string[] answers = await Task.WhenAll(_sentinels.Select(
            sentinel => sentinel.ExecuteAsync("SENTINEL", "GET-MASTER-ADDR-BY-NAME", ServiceName)));
        return answers.Distinct().Count() == 1 ? _servers.Find(
            server => answers[0].EndsWith($"\n{server.Port}", StringComparison.Ordinal)) : null;
    }

    /// <summary>Makes one server the master, as an operator would, where the Sentinels elect none: on a busy machine they can distrust
    /// their clocks again and again.</summary>
    public async Task AppointAsync(RedisServer master)
    {
        await Task.WhenAll(_sentinels.Select(sentinel => sentinel.ExecuteAsync("SENTINEL", "REMOVE", ServiceName)));
        await master.ExecuteAsync("REPLICAOF", "NO", "ONE");
        foreach (RedisServer replica in _servers.Where(server => server != master))
        {
            await replica.ExecuteAsync("REPLICAOF", "127.0.0.1", $"{master.Port}");
        }

        await MonitorAsync(master);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (RedisServer server in _sentinels.Concat(_servers))
        {
            await server.DisposeAsync();
        }
    }

    private async Task LaunchAsync()
    {
        RedisServer master = await RedisServer.StartAsync(Quick([]));
        _servers.Add(master);
        IReadOnlyList<string> follow = ["--replicaof", "127.0.0.1", $"{master.Port}"];
        _servers.AddRange(await Task.WhenAll(RedisServer.StartAsync(Quick(follow)), RedisServer.StartAsync(Quick(follow))));
        _sentinels.AddRange(await Task.WhenAll(StartSentinelAsync(), StartSentinelAsync(), StartSentinelAsync()));
        await MonitorAsync(master);
        await Poll.UntilAsync("replicas follow the master", async () =>
            (await master.ExecuteAsync("INFO", "replication")).Split("state=online").Length == _servers.Count, TimeSpan.FromSeconds(15));
        await Poll.UntilAsync("every Sentinel knows two others and two replicas", async () =>
        {
            string[] views = await Task.WhenAll(_sentinels.Select(sentinel => sentinel.ExecuteAsync("INFO", "sentinel")));
            return views.All(view => view.Contains("status=ok", StringComparison.Ordinal)
                && view.Contains("slaves=2,sentinels=3", StringComparison.Ordinal));
        }, TimeSpan.FromSeconds(20));
    }

    private async Task MonitorAsync(RedisServer master)
    {
        foreach (RedisServer sentinel in _sentinels)
        {
            await sentinel.ExecuteAsync("SENTINEL", "MONITOR", ServiceName, "127.0.0.1", $"{master.Port}", "2");
            if (_password is not null)
            {
                await sentinel.ExecuteAsync("SENTINEL", "SET", ServiceName, "auth-pass", _password);
            }

            await sentinel.ExecuteAsync("SENTINEL", "SET", ServiceName, "down-after-milliseconds", "500", "failover-timeout", "3000");
        }
    }

    private RedisServerOptions Quick(IReadOnlyList<string> arguments) => new()
    {
        Password = _password,
        Arguments = ["--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1", "--repl-timeout", "5", .. arguments],
    };

    private Task<RedisServer> StartSentinelAsync() => RedisServer.StartAsync(
        new RedisServerOptions
        {
            Password = _sentinelPassword,
            Arguments = _sentinelPassword is null ? [] : ["--requirepass", _sentinelPassword]
        },
        mode: ["--sentinel"]);
}
