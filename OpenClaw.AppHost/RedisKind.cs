namespace OpenClaw.AppHost;

/// <summary>The kinds of Redis that the edge can count in.</summary>
internal enum RedisKind
{
    /// <summary>Redis in a container.</summary>
    Container,

    /// <summary>The embedded server, OpenClaw.DevRedis.</summary>
    Embedded,

    /// <summary>The one that <c>ConnectionStrings:redis</c> names.</summary>
    External,
}
