namespace OpenClaw.Kubernetes.Tests.Redis;

/// <summary>The scripts of components/redis: start, probes, and the backup of docs/how-to/operate.md.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class RedisScriptTests : IAsyncDisposable
{
    private static readonly string[] Programs = ["server", "cli", "check-rdb"];

    private static readonly string? Valkey =
        Environment.GetEnvironmentVariable("VALKEY_BIN") ?? Path.GetDirectoryName(Tool.Find("valkey-server"));

    private readonly RedisPod _pod = new();

    public ValueTask DisposeAsync() => _pod.DisposeAsync();

    [Fact]
    public async Task Password_Missing_IsNamedAndNothingStarts()
    {
        _pod.Set("REDIS_NOTIFIER_PASSWORD", "");
        Tool.Result result = await _pod.ScriptAsync("start.sh");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("REDIS_NOTIFIER_PASSWORD", result.Error);
        Assert.Contains("is missing in redis.env", result.Error);
    }

    [Fact]
    public async Task Probes_OfARunningAndAStoppedServer_SayReadyAndGone()
    {
        await _pod.StartAsync();
        Assert.Equal(0, (await _pod.ScriptAsync("probe.sh ready")).ExitCode);
        Assert.Equal(0, (await _pod.ScriptAsync("probe.sh alive")).ExitCode);

        await _pod.StopAsync();
        Assert.NotEqual(0, (await _pod.ScriptAsync("probe.sh ready")).ExitCode);
        Assert.NotEqual(0, (await _pod.ScriptAsync("probe.sh alive")).ExitCode);
    }

    [Fact]
    public async Task Backup_Restored_BringsBackTheDataOfThen() => await BackUpAndRestoreAsync();

    [Fact]
    public async Task Backup_CutShort_IsRefusedAndNothingReplaced()
    {
        await _pod.StartAsync();
        await SetAsync("rl:then");
        (await _pod.ScriptAsync($"backup.sh | head -c 100 >{_pod.At("backup.rdb")}")).Successful();

        Assert.NotEqual(0, (await _pod.ScriptAsync($"restore.sh <{_pod.At("backup.rdb")}")).ExitCode);
        Assert.Equal(["appendonlydir"], Directory.GetFileSystemEntries(_pod.At("data")).Select(Path.GetFileName));
    }

    /// <summary>The upgrade of docs/how-to/operate.md: the claim of a Redis that had one password, under a Redis with users.</summary>
    [Fact]
    public async Task Claim_OfARedisWithOnePassword_KeepsItsData()
    {
        await _pod.StartWithOnePasswordAsync("the-password");
        string[] old = ["-p", $"{_pod.Port}", "--pass", "the-password", "--no-auth-warning"];
        (await Tool.RunAsync("redis-cli", [.. old, "set", "rl:then", "1"])).Successful();
        await _pod.StopAsync();

        await _pod.StartAsync();

        Assert.Equal("1", await GetAsync("rl:then"));
        Assert.Contains("NOAUTH", $"{await Tool.RunAsync("redis-cli", [.. old, "get", "rl:then"])}");
    }

    /// <summary>On Valkey itself: settings, users, probes and backup.</summary>
    [Fact]
    public async Task Valkey_WhereItIs_RunsTheSame()
    {
        // Not a failure in CI either: Debian 12 has it in its backports only.
        Assert.SkipWhen(
            Valkey is null,
            "This test needs valkey-server on the PATH, or its folder in VALKEY_BIN (Debian 13: apt-get install valkey-server).");
        foreach (string program in Programs)
        {
            File.CreateSymbolicLink(_pod.At($"bin/valkey-{program}"), Path.Combine(Valkey, $"valkey-{program}"));
        }

        await BackUpAndRestoreAsync();
        Assert.Contains("server_name:valkey", (await _pod.ScriptAsync("cli.sh --no-auth-warning info server")).Successful());
    }

    /// <summary>Valkey's image has programs with other names. Here they only have the names.</summary>
    [Fact]
    public async Task Valkey_ProgramsWithItsNames_AreTheOnesThatRun()
    {
        foreach (string program in Programs)
        {
            string file = _pod.At($"bin/valkey-{program}");
            File.WriteAllText(file, $"#!/bin/sh\necho {program} >>{_pod.At("calls")}\nexec redis-{program} \"$@\"\n");
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        await BackUpAndRestoreAsync();
        Assert.Equal(Programs.Order(), File.ReadAllLines(_pod.At("calls")).Distinct().Order());
    }

    private async Task BackUpAndRestoreAsync()
    {
        await _pod.StartAsync();
        await SetAsync("rl:then");
        (await _pod.ScriptAsync($"backup.sh >{_pod.At("backup.rdb")}")).Successful();
        await SetAsync("rl:later");

        (await _pod.ScriptAsync($"restore.sh <{_pod.At("backup.rdb")}")).Successful();
        await _pod.StopAsync();
        await _pod.StartAsync();
        Assert.Equal(["1", ""], [await GetAsync("rl:then"), await GetAsync("rl:later")]);

        // What is written from then on is kept as usual.
        await SetAsync("rl:new");
        await _pod.StopAsync();
        await _pod.StartAsync();
        Assert.Equal(["1", "1"], [await GetAsync("rl:then"), await GetAsync("rl:new")]);
        Assert.True(Directory.Exists(_pod.At("data/appendonlydir.replaced")), "The data that was replaced is kept.");
    }

    private async Task SetAsync(string key) => (await _pod.CommandAsync("edge", $"set {key} 1")).Successful();

    private async Task<string> GetAsync(string key) => (await _pod.CommandAsync(RedisPod.Operator, $"get {key}")).Successful().Trim();
}
