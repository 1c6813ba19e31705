using OpenClaw.EdgeBench.Load;
using OpenClaw.EdgeBench.Servers;
using OpenClaw.EdgeBench.Targets;

namespace OpenClaw.EdgeBench.Measurements;

/// <summary>The rating API and every target needed, each with a Redis of its own, running side by side. Only the target under load takes
/// considerable processor time.</summary>
internal sealed class Stage : IDisposable
{
    private readonly Wrk _wrk = new(Path.Combine(Repository.Bench, "load", "rating.lua"));
    private readonly Dictionary<Target, (Server Server, RedisServer Redis)> _servers = [];
    private readonly ServerGroup _started = new();
    private readonly List<Server> _upstreams = [];

    private Stage() { }

    private TimeSpan UpstreamCpuTime => _upstreams.Aggregate(TimeSpan.Zero, (sum, server) => sum + server.CpuTime);

    public static async Task<Stage> StartAsync(IEnumerable<Target> targets, CancellationToken cancellationToken)
    {
        Stage stage = new();
        try
        {
            foreach (bool http2 in new[] { false, true })
            {
                stage._upstreams.Add(stage._started.Add(await EdgeTargets.StartRatingApiAsync(http2, cancellationToken)));
            }

            foreach (Target target in targets)
            {
                RedisServer redis = await RedisServer.StartAsync(cancellationToken);
                stage._started.Add(redis.Server);
                BackEnds backEnds = new(redis.Server, stage._upstreams[0], stage._upstreams[1]);
                stage._servers.Add(target, (stage._started.Add(await target.StartAsync(backEnds, cancellationToken)), redis));
            }

            return stage;
        }
        catch
        {
            stage.Dispose();
            throw;
        }
    }

    public Uri UrlOf(Target target) => _servers[target].Server.Url;

    public TimeSpan CpuTimeOf(Target target) => _servers[target].Server.CpuTime;

    public async Task<Sample> RunAsync(Workload workload, int seconds, CancellationToken cancellationToken)
    {
        (Server server, RedisServer redis) = _servers[workload.Target];
        ScriptCalls scriptsBefore = await redis.ScriptCallsAsync(cancellationToken);
        TimeSpan targetBefore = server.CpuTime, redisBefore = redis.Server.CpuTime, upstreamBefore = UpstreamCpuTime;

        WrkResult result = await _wrk.RunAsync(server.Url, workload.Clients, workload.Addresses, seconds, cancellationToken);

        return new Sample(
            result,
            server.CpuTime - targetBefore,
            redis.Server.CpuTime - redisBefore,
            _upstreams.Contains(server) ? TimeSpan.Zero : UpstreamCpuTime - upstreamBefore,
            await redis.ScriptCallsAsync(cancellationToken) - scriptsBefore);
    }

    public void Dispose() => _started.Dispose();
}
