using System.Globalization;
using OpenClaw.EdgeBench.Servers;

namespace OpenClaw.EdgeBench.Scaling;

/// <summary>Redis nodes that share the slots of a cluster, or a single Redis.</summary>
internal sealed class RedisCluster : IDisposable
{
    private const int Slots = 16384;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly string _folder = Directory.CreateTempSubdirectory("openclaw-cluster-").FullName;
    private readonly List<RedisServer> _nodes = [];

    private RedisCluster() { }

    public string ConnectionString => string.Join(',', _nodes.Select(node => $"127.0.0.1:{node.Server.Port}"));

    public TimeSpan CpuTime => _nodes.Aggregate(TimeSpan.Zero, (sum, node) => sum + node.Server.CpuTime);

    /// <param name="masters">Number of nodes that share the slots; 0 for a single Redis without cluster mode.</param>
    /// <param name="processors">The processors that they are bound to, as <c>taskset</c> names them.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async Task<RedisCluster> StartAsync(int masters, string processors, CancellationToken cancellationToken)
    {
        RedisCluster cluster = new();
        try
        {
            for (int i = 0; i < Math.Max(1, masters); i++)
            {
                string[] options = masters == 0
                    ? []
                    : ["--cluster-enabled", "yes", "--cluster-config-file", Path.Combine(cluster._folder, $"node-{i}.conf"),
                        "--cluster-port", $"{Server.FreePort()}"];
                cluster._nodes.Add(await RedisServer.StartAsync(cancellationToken, processors, null, options));
            }

            if (masters > 0)
            {
                await cluster.JoinAsync(cancellationToken);
            }

            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    public async Task<long> ScriptCallsAsync(CancellationToken cancellationToken)
    {
        long calls = 0;
        foreach (RedisServer node in _nodes)
        {
            calls += (await node.ScriptCallsAsync(cancellationToken)).Calls;
        }

        return calls;
    }

    public void Dispose()
    {
        using ServerGroup servers = new();
        _nodes.ForEach(node => servers.Add(node.Server));
        Directory.Delete(_folder, recursive: true);
    }

    private async Task JoinAsync(CancellationToken cancellationToken)
    {
        for (int i = 0; i < _nodes.Count; i++)
        {
            int from = Slots * i / _nodes.Count, to = (Slots * (i + 1) / _nodes.Count) - 1;
            await _nodes[i].SendAsync($"CLUSTER ADDSLOTSRANGE {from} {to}", cancellationToken);
            string bus = (await _nodes[0].SendAsync("CONFIG GET cluster-port", cancellationToken)).Trim().Split("\r\n")[^2];
            await _nodes[i].SendAsync(
                string.Create(CultureInfo.InvariantCulture, $"CLUSTER MEET 127.0.0.1 {_nodes[0].Server.Port} {bus}"), cancellationToken);
        }

        foreach (RedisServer node in _nodes)
        {
            string nodes = $"cluster_known_nodes:{_nodes.Count}\r\n";
            while (await node.SendAsync("CLUSTER INFO", cancellationToken) is var info
                && !(info.Contains("cluster_state:ok", StringComparison.Ordinal) && info.Contains(nodes, StringComparison.Ordinal)))
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }
}
