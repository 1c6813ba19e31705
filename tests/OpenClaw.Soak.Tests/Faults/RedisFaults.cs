using OpenClaw.TestServers;

namespace OpenClaw.Soak.Tests.Faults;

/// <summary>Faults of Redis.</summary>
internal sealed class RedisFaults(SentinelDeployment redis, RuleChanges rules)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    public IEnumerable<Fault> All =>
    [
        new("redis killed", KillAsync),
        new("redis killed and replicas stale", KillBesideStaleReplicasAsync),
        new("redis stopped briefly", StopBrieflyAsync),
        new("redis stopped", StopAsync),
        new("redis failed over", FailOverAsync),
        new("all of redis stopped", StopAllAsync),
        new("connections cut", CutAsync),
    ];

    /// <summary>Waits until the Sentinels agree on a master and both replicas follow it. Appoints one if they do not agree.</summary>
    public async Task<RedisServer> SettledAsync()
    {
        try
        {
            return await AgreedAsync();
        }
        catch (TimeoutException)
        {
            await redis.AppointAsync(redis.Servers[0]);
            return await AgreedAsync();
        }
    }

    /// <summary>Waits until Redis is whole, and names the history of writes that it follows: another one after each failover.</summary>
    /// <remarks>Sentinels may take a failover back. Then the master is the same as before, but for a while there were two, and what the
    /// other one acknowledged is lost. It needs a full copy to follow again, and the master counts those.</remarks>
    public async Task<string> HistoryAsync()
    {
        RedisServer master = await SettledAsync();
        return $"{await FieldAsync(master, "replication", "master_replid")} {await FieldAsync(master, "stats", "sync_full")}";
    }

    private static async Task<string> FieldAsync(RedisServer server, string section, string field) =>
        (await server.ExecuteAsync("INFO", section)).Split('\n').First(
            line => line.StartsWith($"{field}:", StringComparison.Ordinal)).Trim();

    private async Task<RedisServer> AgreedAsync()
    {
        RedisServer? master = null;
        await Poll.UntilAsync("one master, and two replicas that follow it", async () =>
        {
            master = await redis.FindMasterAsync();
            return master is not null
                && (await master.ExecuteAsync("INFO", "replication")).Split("state=online").Length == redis.Servers.Count
                && await master.ExecuteAsync("WAIT", "2", "1000") == "2";
        }, Limit);
        return master!;
    }

    private async Task KillAsync(Random random)
    {
        RedisServer master = await SettledAsync();
        master.Kill();
        await ReplaceAsync(master, random);
    }

    /// <summary>One replica, or both, have not heard of the last rules when the master dies. Where it is both, the rules are lost in Redis,
    /// and are written again; edges that have them in force must keep them meanwhile.</summary>
    private async Task KillBesideStaleReplicasAsync(Random random)
    {
        RedisServer master = await SettledAsync();
        RedisServer[] stale = [.. redis.Servers.Where(server => server != master).Take(random.Next(1, 3))];
        foreach (RedisServer server in stale)
        {
            server.Pause();
        }

        // Or what is written now would wait for them in their sockets.
        await master.ExecuteAsync("CLIENT", "KILL", "TYPE", "replica");
        await rules.WriteDocumentAsync(master, isValid: true);

        // Longer than edges take to see it, and hardly longer than their connections to the replicas take to be given up.
        await Task.Delay(600);
        master.Kill();
        foreach (RedisServer server in stale)
        {
            server.Resume();
        }

        await ReplaceAsync(master, random);
        await rules.WriteDocumentAsync(await SettledAsync(), isValid: true);
    }

    private static async Task PauseAsync(RedisServer server, TimeSpan duration)
    {
        server.Pause();
        await Task.Delay(duration);
        server.Resume();
    }

    private async Task StopBrieflyAsync(Random random) =>
        await PauseAsync(await SettledAsync(), TimeSpan.FromMilliseconds(random.Next(100, 400)));

    private async Task StopAsync(Random random)
    {
        RedisServer master = await SettledAsync();
        master.Pause();
        try
        {
            await IsReplacedAsync(master);
            await Task.Delay(random.Next(1000));
        }
        finally
        {
            master.Resume();
        }
    }

    private async Task FailOverAsync(Random random)
    {
        RedisServer master = await SettledAsync();

        // Refused for some seconds after another one.
        RedisServer sentinel = redis.Sentinels[random.Next(redis.Sentinels.Count)];
        await Poll.UntilAsync("a failover begins", async () =>
            await sentinel.ExecuteAsync("SENTINEL", "FAILOVER", SentinelDeployment.ServiceName) == "OK", Limit);
        await IsReplacedAsync(master);
    }

    private async Task StopAllAsync(Random random)
    {
        // Sentinels that are paused for more than two seconds distrust their clocks for the next thirty, and elect no master. The pauses of
        // a busy machine come on top.
        RedisServer[] all = [.. redis.Sentinels, .. redis.Servers];
        foreach (RedisServer server in all)
        {
            server.Pause();
        }

        await Task.Delay(random.Next(300, 700));
        foreach (RedisServer server in all.Reverse())
        {
            server.Resume();
        }
    }

    private async Task CutAsync(Random random)
    {
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            RedisServer master = await SettledAsync();
            await master.ExecuteAsync("SCRIPT", "FLUSH");
            foreach (string client in (await master.ExecuteAsync("CLIENT", "LIST", "TYPE", "normal")).Split('\n'))
            {
                // Sentinels that lose their connections consider Redis down.
                if (client.StartsWith("id=", StringComparison.Ordinal) && !client.Contains("name=sentinel-", StringComparison.Ordinal))
                {
                    await KillClientAsync(master, client.Split(' ')[0][3..]);
                }
            }

            await Task.Delay(random.Next(300));
        }
    }

    private static async Task KillClientAsync(RedisServer master, string id)
    {
        try
        {
            await master.ExecuteAsync("CLIENT", "KILL", "ID", id);
        }
        catch (RespException)
        {
            // It has gone by itself, as the one that listed the clients.
        }
    }

    /// <summary>Waits until the Sentinels have elected another master; false if they do not. Sentinels that a busy machine kept from
    /// running distrust their clocks and elect no master for at least 30 s. Edges must tolerate that too, so the run goes on.</summary>
    private async Task<bool> IsReplacedAsync(RedisServer before)
    {
        try
        {
            await Poll.UntilAsync("another master", async () => await redis.FindMasterAsync() is { } now && now != before, Limit);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task ReplaceAsync(RedisServer dead, Random random)
    {
        bool isReplaced = await IsReplacedAsync(dead);
        await Task.Delay(random.Next(500));
        RedisServer? master = isReplaced ? await redis.FindMasterAsync() : null;

        // Without an elected master it comes back as what it was, empty, as a supervisor would start it.
        await dead.RestartAsync(master is null ? [] : ["--replicaof", "127.0.0.1", $"{master.Port}"]);
    }
}
