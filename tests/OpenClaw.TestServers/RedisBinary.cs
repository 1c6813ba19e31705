namespace OpenClaw.TestServers;

/// <summary>The server program: <c>REDIS_SERVER</c> when set, else <c>redis-server</c> or <c>valkey-server</c> on the PATH.</summary>
public static class RedisBinary
{
    /// <summary>Full path of the program; null when the machine has none.</summary>
    public static string? Path { get; } = Environment.GetEnvironmentVariable("REDIS_SERVER") is { Length: > 0 } chosen
        ? chosen
        : OnPath("redis-server") ?? OnPath("valkey-server");

    internal static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => System.IO.Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
}
