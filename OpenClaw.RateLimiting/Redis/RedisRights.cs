using OpenClaw.RateLimiting.Batching;

namespace OpenClaw.RateLimiting.Redis;

/// <summary>Known state of the rights of the Redis user. Safe for concurrent use.</summary>
internal sealed class RedisRights
{
    private string? _missing;
    private volatile PartitionKey[] _refusedKeys = [];
    private volatile bool _inDoubt = true;

    /// <summary>Rights that were last found missing, such as <c>the command TIME</c>; null when none are known to be missing.</summary>
    public string? Missing
    {
        get => Volatile.Read(ref _missing);
        set => Volatile.Write(ref _missing, value);
    }

    /// <summary>Keys of the last call that was refused for a missing right, all in one cluster slot. A user may have access to the keys of
    /// some partitions only.</summary>
    public PartitionKey[] RefusedKeys
    {
        get => _refusedKeys;
        set => _refusedKeys = value;
    }

    /// <summary>Whether rights may have changed since the last check: at the start, after a call was refused for a missing right, and after
    /// an outage.</summary>
    public bool AreInDoubt
    {
        get => _inDoubt;
        set => _inDoubt = value;
    }
}
