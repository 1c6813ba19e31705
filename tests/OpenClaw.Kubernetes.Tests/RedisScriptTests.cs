using System.Diagnostics;
using System.Text.RegularExpressions;
using OpenClaw.TestServers;

namespace OpenClaw.Kubernetes.Tests;

/// <summary>The scripts of components/redis, run with this machine's Redis: a user for each service with its rights, probes, and the backup
/// of docs/how-to/operate.md.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed partial class RedisScriptTests : IAsyncDisposable
{
    private static readonly string Sources = Repository.At("aspire-manifest/kubernetes/components/redis");
    private readonly string _root = Directory.CreateTempSubdirectory("openclaw-redis-").FullName;
    private readonly int _port = LoopbackPort.Free();
    private Process? _server;

    public RedisScriptTests()
    {
        foreach (string folder in (string[])["data", "etc", "tmp"])
        {
            Directory.CreateDirectory(At(folder));
        }

        foreach (string file in (string[])["redis.conf", "start.sh", "probe.sh", "backup.sh", "restore.sh"])
        {
            string text = File.ReadAllText(Path.Combine(Sources, file));
            File.WriteAllText(At($"etc/{file}"), text
                .Replace("/etc/redis/", At("etc/")).Replace("/tmp/users", At("tmp/users")).Replace("/data", At("data")));
        }

        // As a component adds settings.
        File.WriteAllText(At("etc/with-port.conf"), $"port {_port}\nbind 127.0.0.1\n");
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_root, recursive: true);
    }

    [Theory]
    [InlineData("edge", "set rl:a 1", "OK")]
    [InlineData("edge", "set other 1", "NOPERM")]
    [InlineData("edge", "config get dir", "NOPERM")]
    [InlineData("edge", "flushall", "NOPERM")]
    [InlineData("edge", "get rl:a", "NOPERM")]
    [InlineData("notifier", "xadd openclaw:{events}:deliveries * id 1", "-0")]
    [InlineData("notifier", "hget openclaw:edge:rules a", "NOPERM")]
    [InlineData("notifier", "mget rl:a", "NOPERM")]
    [InlineData("operator", "hset openclaw:edge:rules a b", "1")]
    [InlineData("operator", "scan 0", "0")]
    [InlineData("operator", "set rl:a 2", "NOPERM")]
    [InlineData("operator", "keys *", "NOPERM")]
    [InlineData("probe", "ping", "PONG")]
    [InlineData("probe", "get rl:a", "NOPERM")]
    public async Task User_OfAService_MayDoWhatItNeeds(string user, string command, string answer)
    {
        await StartAsync();

        Assert.Contains(answer, $"{await CommandAsync(user, command)}");
    }

    [Fact]
    public async Task DefaultUser_IsOff()
    {
        await StartAsync();

        Assert.Contains("NOAUTH", $"{await RunAsync("redis-cli", "-p", $"{_port}", "ping")}");
    }

    [Fact]
    public async Task Password_Missing_IsNamedAndNothingStarts()
    {
        Require();
        Tool.Result result = await Tool.RunAsync("sh", [At("etc/start.sh")], environment: Environment(("REDIS_NOTIFIER_PASSWORD", "")));

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("REDIS_NOTIFIER_PASSWORD", result.Error);
        Assert.Contains("is missing in redis.env", result.Error);
    }

    /// <summary>The rights of the page are those that tests of edge and notifier work with. None is wider than single commands and
    /// keys.</summary>
    [Theory]
    [InlineData("edge")]
    [InlineData("notifier")]
    public void Rights_OfAUser_AreThoseOfTheGuide(string user)
    {
        string[] documented =
        [
            .. Regex.Matches(
                    File.ReadAllText(Repository.At("docs/how-to/set-up-the-redis-user.md")),
                    $"^ACL SETUSER {user} (?:on >secret )?(.*)$",
                    RegexOptions.Multiline)
                .SelectMany(line => line.Groups[1].Value.Split(' '))
                .Except(["resetkeys", "resetchannels", "-@all"]),
        ];
        Assert.NotEmpty(documented);
        string script = File.ReadAllText(Path.Combine(Sources, "start.sh"));
        string lines = Regex.Match(script, $"""echo "user {user} reset on(.*?)\)"\n""", RegexOptions.Singleline).Groups[1].Value;

        string[] rights = [.. Right().Matches(lines).Select(m => m.Value)];
        Assert.Empty(documented.Except(rights));
        Assert.DoesNotContain(rights, r => r.StartsWith("+@", StringComparison.Ordinal) || r is "~*" or "&*");
    }

    [Fact]
    public async Task Probes_OfARunningAndAStoppedServer_SayReadyAndGone()
    {
        await StartAsync();
        Assert.Equal(0, (await ScriptAsync("probe.sh", "ready")).ExitCode);
        Assert.Equal(0, (await ScriptAsync("probe.sh", "alive")).ExitCode);

        await StopAsync();
        Assert.NotEqual(0, (await ScriptAsync("probe.sh", "ready")).ExitCode);
        Assert.NotEqual(0, (await ScriptAsync("probe.sh", "alive")).ExitCode);
    }

    [Fact]
    public async Task Backup_Restored_BringsBackTheDataOfThen()
    {
        await StartAsync();
        (await CommandAsync("edge", "set rl:then 1")).Successful();
        (await ShellAsync($"sh {At("etc/backup.sh")} >{At("backup.rdb")}")).Successful();
        (await CommandAsync("edge", "set rl:later 1")).Successful();

        (await ShellAsync($"sh {At("etc/restore.sh")} <{At("backup.rdb")}")).Successful();
        await StopAsync();
        await StartAsync();
        Assert.Equal(["1", ""], [await GetAsync("rl:then"), await GetAsync("rl:later")]);

        // What is written from then on is kept as usual.
        (await CommandAsync("edge", "set rl:new 1")).Successful();
        await StopAsync();
        await StartAsync();
        Assert.Equal(["1", "1"], [await GetAsync("rl:then"), await GetAsync("rl:new")]);
        Assert.True(Directory.Exists(At("data/appendonlydir.replaced")), "The data that was replaced is kept.");
    }

    [Fact]
    public async Task Backup_CutShort_IsRefusedAndNothingReplaced()
    {
        await StartAsync();
        (await CommandAsync("edge", "set rl:then 1")).Successful();
        (await ShellAsync($"sh {At("etc/backup.sh")} | head -c 100 >{At("backup.rdb")}")).Successful();

        Assert.NotEqual(0, (await ShellAsync($"sh {At("etc/restore.sh")} <{At("backup.rdb")}")).ExitCode);
        Assert.Equal(["appendonlydir"], Directory.GetFileSystemEntries(At("data")).Select(Path.GetFileName));
    }

    private static void Require()
    {
        Tool.Require("redis-server", "apt-get install redis-server");
        Tool.Require("redis-cli", "apt-get install redis-tools");
    }

    private async Task StartAsync()
    {
        Require();
        ProcessStartInfo info = new("sh", [At("etc/start.sh")]) { RedirectStandardOutput = true };
        foreach ((string name, string value) in Environment())
        {
            info.Environment[name] = value;
        }

        _server = Process.Start(info)!;
        _server.BeginOutputReadLine();
        await Podman.PodmanStack.UntilAsync(async () => $"{await CommandAsync("probe", "ping")}", answer => answer == "PONG");
    }

    private async Task StopAsync()
    {
        if (_server is { HasExited: false })
        {
            (await Tool.RunAsync("kill", [$"{_server.Id}"])).Successful();
            await _server.WaitForExitAsync();
        }
    }

    private async Task<string> GetAsync(string key) => (await CommandAsync("operator", $"get {key}")).Successful().Trim();

    private Task<Tool.Result> CommandAsync(string user, string command) =>
        RunAsync("redis-cli", ["-p", $"{_port}", "--user", user, "--pass", $"{user}-password", "--no-auth-warning", .. command.Split(' ')]);

    private Task<Tool.Result> ScriptAsync(string script, string argument) => RunAsync("sh", At($"etc/{script}"), argument);

    private Task<Tool.Result> ShellAsync(string command) => RunAsync("sh", "-c", command);

    private Task<Tool.Result> RunAsync(string program, params string[] arguments) =>
        Tool.RunAsync(program, arguments, environment: Environment());

    private Dictionary<string, string> Environment(params (string Name, string Value)[] changed)
    {
        Dictionary<string, string> environment = new() { ["REDIS_CLIENT_OPTIONS"] = $"-p {_port}" };
        foreach (string user in (string[])["edge", "notifier", "operator"])
        {
            environment[$"REDIS_{user.ToUpperInvariant()}_PASSWORD"] = $"{user}-password";
        }

        foreach ((string name, string value) in changed)
        {
            environment[name] = value;
        }

        return environment;
    }

    private string At(string path) => Path.Combine(_root, path);

    [GeneratedRegex(@"(?<=[ ""])[~&+][^ ""]+")]
    private static partial Regex Right();
}
