using System.Globalization;

namespace OpenClaw.TestServers;

/// <summary>A Redis Cluster of three masters with one replica each, whose replicas take over within about two seconds.</summary>
public sealed class ClusterDeployment : IAsyncDisposable
{
    /// <summary>Hash slots of a Redis Cluster.</summary>
    public const int Slots = 16_384;

    private readonly List<RedisServer> _nodes = [];

    private ClusterDeployment()
    {
    }

    /// <summary>All nodes: at first 0 to 2 are masters with a third of the slots each, and node n + 3 follows node n.</summary>
    public IReadOnlyList<RedisServer> Nodes => _nodes;

    /// <summary>A StackExchange.Redis configuration string with every node.</summary>
    public string ConnectionString => string.Join(',', _nodes.Select(node => node.EndPoint));

    /// <summary>Starts the nodes, joins them and waits until every node sees a whole cluster.</summary>
    public static async Task<ClusterDeployment> StartAsync()
    {
        ClusterDeployment deployment = new();
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

    /// <summary>The id under which the cluster knows a node.</summary>
    public static Task<string> IdOfAsync(RedisServer node) => node.ExecuteAsync("CLUSTER", "MYID");

    /// <summary>The slot of a key.</summary>
    public async Task<int> SlotOfAsync(string key) =>
        int.Parse(await _nodes[0].ExecuteAsync("CLUSTER", "KEYSLOT", key), CultureInfo.InvariantCulture);

    /// <summary>Moves a slot with its keys as <c>redis-cli --cluster reshard</c> does: while it moves, the old node answers ASK for keys
    /// that have left, and afterwards MOVED.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="from">The master that has it.</param>
    /// <param name="to">The master that gets it.</param>
    /// <param name="pause">How long the slot stays half moved, with all keys at <paramref name="to"/>.</param>
    public async Task MoveSlotAsync(int slot, RedisServer from, RedisServer to, TimeSpan pause)
    {
        string target = await IdOfAsync(to);
        await to.ExecuteAsync("CLUSTER", "SETSLOT", $"{slot}", "IMPORTING", await IdOfAsync(from));
        await from.ExecuteAsync("CLUSTER", "SETSLOT", $"{slot}", "MIGRATING", target);
        string[] keys = (await from.ExecuteAsync("CLUSTER", "GETKEYSINSLOT", $"{slot}", "1000")).Split(
            '\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (string key in keys)
        {
            await from.ExecuteAsync("MIGRATE", "127.0.0.1", $"{to.Port}", key, "0", "1000");
        }

        await Task.Delay(pause);
        await to.ExecuteAsync("CLUSTER", "SETSLOT", $"{slot}", "NODE", target);
        await from.ExecuteAsync("CLUSTER", "SETSLOT", $"{slot}", "NODE", target);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (RedisServer node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    private async Task LaunchAsync()
    {
        _nodes.AddRange(await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => RedisServer.StartAsync(new RedisServerOptions
        {
            Arguments =
            [
                "--cluster-enabled", "yes", "--cluster-node-timeout", "1000", "--cluster-replica-validity-factor", "0",
                "--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1",
            ],
        }))));

        // By hand what `redis-cli --cluster create` does, because this way it is known which node has which part.
        for (int i = 0; i < 6; i++)
        {
            await _nodes[i].ExecuteAsync("CLUSTER", "SET-CONFIG-EPOCH", $"{i + 1}");
            if (i < 3)
            {
                await _nodes[i].ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", $"{Slots * i / 3}", $"{(Slots * (i + 1) / 3) - 1}");
            }

            if (i > 0)
            {
                await _nodes[i].ExecuteAsync("CLUSTER", "MEET", "127.0.0.1", $"{_nodes[0].Port}");
            }
        }

        await Poll.UntilAsync("every node knows five others", async () => (await Task.WhenAll(
            _nodes.Select(node => node.ExecuteAsync("CLUSTER", "NODES")))).All(view => KnownNodes(view) == 6), TimeSpan.FromSeconds(20));
        for (int i = 3; i < 6; i++)
        {
            await _nodes[i].ExecuteAsync("CLUSTER", "REPLICATE", await IdOfAsync(_nodes[i - 3]));
        }

        await Poll.UntilAsync(
            "the cluster is whole", async () => (await Task.WhenAll(_nodes.Select(IsSettledAsync))).All(settled => settled),
            TimeSpan.FromSeconds(20));
    }

    private static int KnownNodes(string view) => view.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Count(line => !line.Contains("handshake", StringComparison.Ordinal) && line.Contains(" connected", StringComparison.Ordinal));

    private async Task<bool> IsSettledAsync(RedisServer node)
    {
        bool isReplica = _nodes.IndexOf(node) >= 3;
        string view = await node.ExecuteAsync("CLUSTER", "NODES");
        return (await node.ExecuteAsync("CLUSTER", "INFO")).Contains("cluster_state:ok", StringComparison.Ordinal)
            && view.Split("slave ").Length == 4
            && (!isReplica || (await node.ExecuteAsync("INFO", "replication")).Contains("master_link_status:up", StringComparison.Ordinal));
    }
}
