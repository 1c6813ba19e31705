namespace OpenClaw.AppHost;

/// <summary>Kinds of Redis for the edge's buckets.</summary>
internal enum RedisKind
{
    /// <summary>Redis in a container.</summary>
    Container,

    /// <summary>The embedded server, OpenClaw.DevRedis.</summary>
    Embedded,

    /// <summary>The server in <c>ConnectionStrings:redis</c>.</summary>
    External,
}
