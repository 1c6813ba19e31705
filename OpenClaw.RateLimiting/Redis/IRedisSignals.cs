namespace OpenClaw.RateLimiting.Redis;

/// <summary>What the limiter asks of Redis besides decisions.</summary>
internal interface IRedisSignals
{
    /// <summary>The slot of a Redis Cluster that heartbeats go to; -1 when Redis is no cluster.</summary>
    int HeartbeatSlot { get; }

    /// <summary>Says that this replica lives.</summary>
    /// <returns>How many replicas live, this one included.</returns>
    Task<int> BeatAsync();

    /// <summary>Says that this replica ends.</summary>
    Task LeaveAsync();

    /// <summary>Runs the script of decisions where those of <paramref name="partition"/> are made, and charges nobody. Throws when they would fail, too.</summary>
    Task ProbeAsync(string partition);

    /// <summary>Tries everything that the limiter does in scripts.</summary>
    /// <returns>What the user may not, in words without keys and names; null when nothing is lacking.</returns>
    Task<string?> FindMissingRightsAsync();

    /// <summary>Looks again for the servers and their roles.</summary>
    Task RediscoverAsync();
}
