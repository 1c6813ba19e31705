namespace OpenClaw.TestServers;

/// <summary>How a <see cref="RedisServer"/> is started.</summary>
public sealed record RedisServerOptions
{
    /// <summary>Password that clients must give. Default none.</summary>
    public string? Password { get; init; }

    /// <summary>Writes every change to disk, so that it survives a kill. Default false: a restarted server is empty.</summary>
    public bool Persistent { get; init; }

    /// <summary>Memory limit such as <c>3mb</c>; writes above it are refused (noeviction). Default none.</summary>
    public string? MaxMemory { get; init; }

    /// <summary>Most connections at a time. Default Redis's own.</summary>
    public int? MaxClients { get; init; }

    /// <summary>Further arguments, as on the command line: <c>["--cluster-enabled", "yes"]</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}
