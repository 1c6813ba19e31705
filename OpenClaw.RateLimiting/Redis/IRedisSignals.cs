using OpenClaw.RateLimiting.Batching;

namespace OpenClaw.RateLimiting.Redis;

/// <summary>Calls of the limiter to Redis other than decisions.</summary>
internal interface IRedisSignals
{
    /// <summary>Cluster slot of the heartbeats; -1 if Redis is not a cluster.</summary>
    int HeartbeatSlot { get; }

    /// <summary>Reports this replica as live.</summary>
    /// <returns>Number of live replicas, this one included.</returns>
    Task<int> BeatAsync();

    /// <summary>Removes this replica from the list of live replicas.</summary>
    Task LeaveAsync();

    /// <summary>Runs the decision script on the server that decides <paramref name="partition"/>, without charging it. Throws if decisions
    /// would fail, or if the Redis user has no access to one of <paramref name="keys"/>.</summary>
    Task ProbeAsync(string partition, PartitionKey[] keys);

    /// <summary>Tries every command that the limiter uses in scripts, and access to <paramref name="keys"/>.</summary>
    /// <returns>Missing rights of the Redis user, without keys and names; null if none are missing.</returns>
    Task<string?> FindMissingRightsAsync(PartitionKey[] keys);

    /// <summary>Updates the list of servers and their roles.</summary>
    Task RediscoverAsync();
}
