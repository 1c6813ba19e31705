namespace OpenClaw.DevRedis.Hosting;

/// <summary>Kinds of servers.</summary>
internal enum ServerKind
{
    /// <summary>The installed server, or Garnet if there is none.</summary>
    Auto,

    /// <summary><c>redis-server</c> or <c>valkey-server</c> on the PATH.</summary>
    Installed,

    /// <summary>Garnet, in this process. It has no streams, so edges cannot store events.</summary>
    Garnet,
}
