namespace OpenClaw.RateLimiting.Redis;

/// <summary>Known state of the rights of the Redis user. Safe for concurrent use.</summary>
internal sealed class RedisRights
{
    private string? _missing;
    private volatile bool _inDoubt = true;

    /// <summary>Rights that were last found missing, such as <c>the command TIME</c>; null when none are known to be missing.</summary>
    public string? Missing
    {
        get => Volatile.Read(ref _missing);
        set => Volatile.Write(ref _missing, value);
    }

    /// <summary>Whether rights may have changed since the last check: at the start, after a call was refused for a missing right, and after
    /// an outage.</summary>
    public bool AreInDoubt
    {
        get => _inDoubt;
        set => _inDoubt = value;
    }
}
