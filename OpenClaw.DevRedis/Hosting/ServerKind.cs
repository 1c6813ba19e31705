namespace OpenClaw.DevRedis.Hosting;

/// <summary>Which server runs.</summary>
internal enum ServerKind
{
    /// <summary>The installed one, or Garnet where none is.</summary>
    Auto,

    /// <summary><c>redis-server</c> or <c>valkey-server</c> on the PATH.</summary>
    Installed,

    /// <summary>Garnet, in this process. It has no streams: edges keep no events in it.</summary>
    Garnet,
}
