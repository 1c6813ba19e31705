using Xunit;

namespace OpenClaw.TestServers;

/// <summary>Programs that a test needs. Without them the test is skipped with a note on what to install; with <c>CI=true</c> it
/// fails.</summary>
public static class Requires
{
    /// <summary>A <c>redis-server</c> (or <c>valkey-server</c>) on the PATH.</summary>
    public static void RedisServer()
    {
        if (RedisBinary.Path is null)
        {
            Missing("redis-server on the PATH (Debian and Ubuntu: apt-get install redis-server; macOS: brew install redis)");
        }
    }

    /// <summary><c>node</c> and <c>npm</c> on the PATH.</summary>
    public static void Node()
    {
        if (RedisBinary.OnPath("node") is null || RedisBinary.OnPath("npm") is null)
        {
            Missing("node and npm on the PATH (Debian and Ubuntu: apt-get install npm; macOS: brew install node)");
        }
    }

    /// <summary>A compiler that native AOT links with: <c>clang</c> or <c>gcc</c> on the PATH.</summary>
    public static void NativeCompiler()
    {
        if (RedisBinary.OnPath("clang") is null && RedisBinary.OnPath("gcc") is null)
        {
            Missing("clang or gcc on the PATH (Debian and Ubuntu: apt-get install clang zlib1g-dev; macOS: xcode-select --install)");
        }
    }

    /// <summary>Commands on the PATH.</summary>
    public static void Commands(params string[] names)
    {
        string[] missing = [.. names.Where(name => RedisBinary.OnPath(name) is null)];
        if (missing.Length > 0)
        {
            Missing($"{string.Join(", ", missing)} on the PATH (Debian and Ubuntu: apt-get install bash curl util-linux findutils)");
        }
    }

    private static void Missing(string what)
    {
        string message = $"This test needs {what}.";
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
        {
            Assert.Fail(message);
        }

        Assert.Skip(message);
    }
}
