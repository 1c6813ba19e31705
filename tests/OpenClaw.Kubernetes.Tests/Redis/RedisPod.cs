using OpenClaw.TestServers;

namespace OpenClaw.Kubernetes.Tests.Redis;

/// <summary>The scripts and settings of components/redis, run with this machine's server as in the pod, in a folder of its own.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class RedisPod : IAsyncDisposable
{
    internal const string Operator = "operator";

    private static readonly string Components = Repository.At("aspire-manifest/kubernetes/components");

    private readonly string _root = Directory.CreateTempSubdirectory("openclaw-redis-").FullName;
    private readonly Dictionary<string, string> _environment = [];
    private ChildProcess? _server;

    public RedisPod()
    {
        foreach (string folder in (string[])["data", "etc", "tmp", "tls", "bin"])
        {
            Directory.CreateDirectory(At(folder));
        }

        foreach (string file in (string[])["redis.conf", "start.sh", "probe.sh", "cli.sh", "backup.sh", "restore.sh"])
        {
            Mount($"redis/{file}");
        }

        // As a component adds settings.
        File.WriteAllText(At("etc/with-bind.conf"), "bind 127.0.0.1\n");
        File.WriteAllText(At("etc/with-port.conf"), $"port {Port}\n");
        foreach (string user in (string[])["edge", "notifier", Operator])
        {
            Set($"REDIS_{user.ToUpperInvariant()}_PASSWORD", PasswordOf(user));
        }

        Set("REDIS_CLIENT_OPTIONS", "");
        Set("PATH", $"{At("bin")}:{Environment.GetEnvironmentVariable("PATH")}");
    }

    /// <summary>Port on 127.0.0.1.</summary>
    internal int Port { get; } = LoopbackPort.Free();

    internal string At(string path) => Path.Combine(_root, path);

    internal static string PasswordOf(string user) => $"{user}-password";

    /// <summary>A connection string of secrets/*.env.example for this server.</summary>
    internal string Here(string connection, string user, string host) =>
        connection.Replace("redis:6379", $"{host}:{Port}").Replace(Rendering.Overlays.Secret, PasswordOf(user));

    internal void Set(string variable, string value) => _environment[variable] = variable == "REDIS_CLIENT_OPTIONS"
        ? $"{Here(value)} -p {Port}"
        : value;

    /// <summary>Settings of components/redis-tls; the caller writes the certificate's files into <c>tls</c>.</summary>
    internal void MountTls()
    {
        File.Delete(At("etc/with-port.conf"));
        Mount("redis-tls/with-tls.conf");
    }

    /// <summary>Starts the server for the first of several tests that share it.</summary>
    internal Task StartedAsync() => _server is null ? StartAsync() : Task.CompletedTask;

    internal async Task StartAsync()
    {
        Tool.Require("redis-server", "apt-get install redis-server");
        Tool.Require("redis-cli", "apt-get install redis-tools");
        _server = await ChildProcess.StartAsync("sh", [At("etc/start.sh")], _root, _environment);
        await Poll.UntilAsync("Redis is ready", async () => (await ScriptAsync("probe.sh ready")).ExitCode == 0, TimeSpan.FromSeconds(30));
    }

    /// <summary>Starts the server as releases did that had one password for everybody.</summary>
    internal async Task StartWithOnePasswordAsync(string password)
    {
        Tool.Require("redis-server", "apt-get install redis-server");
        string[] arguments =
        [
            "--bind", "127.0.0.1", "--port", $"{Port}", "--dir", At("data"), "--appendonly", "yes", "--save", "", "--requirepass", password,
        ];
        _server = await ChildProcess.StartAsync("redis-server", arguments, _root);
        string[] ping = ["-p", $"{Port}", "--pass", password, "--no-auth-warning", "ping"];
        await Poll.UntilAsync(
            "Redis is ready", async () => $"{await Tool.RunAsync("redis-cli", ping)}" == "PONG", TimeSpan.FromSeconds(30));
    }

    internal async Task StopAsync()
    {
        if (_server is { HasExited: false } server)
        {
            server.Signal("TERM");
            await Poll.UntilAsync("Redis has stopped", () => server.HasExited, TimeSpan.FromSeconds(30));
        }
    }

    /// <summary>Runs one of the scripts, as <c>kubectl exec … sh /etc/redis/SCRIPT</c> does. May continue as a shell's command
    /// line.</summary>
    internal Task<Tool.Result> ScriptAsync(string commandLine) => ShellAsync($"sh {At("etc")}/{commandLine}");

    internal Task<Tool.Result> ShellAsync(string commandLine) => Tool.RunAsync("sh", ["-c", commandLine], environment: _environment);

    /// <summary>Runs a command of Redis as one of the users.</summary>
    internal Task<Tool.Result> CommandAsync(string user, string command) => Tool.RunAsync(
        "redis-cli",
        ["-p", $"{Port}", "--user", user, "--pass", PasswordOf(user), "--no-auth-warning", .. command.Split(' ')],
        environment: _environment);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _server?.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private void Mount(string file) =>
        File.WriteAllText(At($"etc/{Path.GetFileName(file)}"), Here(File.ReadAllText(Path.Combine(Components, file))));

    // The pod's paths and port.
    private string Here(string text) => text
        .Replace("/etc/redis-tls/", At("tls/")).Replace("/etc/redis/", At("etc/")).Replace("/tmp/users", At("tmp/users"))
        .Replace("/data", At("data")).Replace("tls-port 6379", $"tls-port {Port}");
}
