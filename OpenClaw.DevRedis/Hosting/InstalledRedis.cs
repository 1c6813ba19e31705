namespace OpenClaw.DevRedis.Hosting;

/// <summary>Finds programs on the PATH.</summary>
internal static class InstalledRedis
{
    /// <summary>Full path of <c>redis-server</c> or <c>valkey-server</c>; null if neither is installed.</summary>
    public static string? Find() => OnPath("redis-server") ?? OnPath("valkey-server");

    /// <summary>Full path of a program; null if it is not on the PATH.</summary>
    public static string? OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);
}
