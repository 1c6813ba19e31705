namespace OpenClaw.Kubernetes.Tests.Podman;

/// <summary>eng/podman/play.sh with a fake <c>podman</c>: its message about a failed trial container, and the cause that it
/// names.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class PlayScriptTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("openclaw-play-").FullName;

    public PlayScriptTests()
    {
        Assert.SkipUnless(Tool.Find("bash") is not null, "play.sh needs bash.");
        foreach (string script in (string[])["play.sh", "common.sh"])
        {
            Write($"eng/podman/{script}", File.ReadAllText(Repository.At($"eng/podman/{script}")));
        }

        Write("eng/podman/images.sh", "#!/bin/sh\necho redis=localhost/redis:1 >$XDG_CACHE_HOME/openclaw/podman/images.list\n");
        Write("aspire-manifest/kubernetes/production/secrets/edge.env.example", "KEY=CHANGE-ME\n");
        Write("aspire-manifest/kubernetes/components/edge/settings.env", "OpenClaw__Edge__Overload__MaxConnections=1000\n");
        Write("bin/kubectl", "#!/bin/sh\nexit 9\n");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(
        "echo 'Error: OCI permission denied' >&2; exit 126",
        3,
        "podman cannot run containers here (exit code 126): Error: OCI permission denied")]
    [InlineData("exit 125", 3, "podman cannot run containers here (exit code 125): it did not say why")]
    [InlineData(
        "echo 'libssl.so.3: cannot open' >&2; exit 127",
        1,
        "but 'redis-server --version' in localhost/redis:1 ended with exit code 127: libssl.so.3: cannot open")]
    public async Task Up_TrialContainerFails_SaysWhoseFaultItIsAndWhy(string trial, int exitCode, string reason)
    {
        Write("bin/podman", $"#!/bin/sh\ntest \"$1\" != run || {{ {trial}; }}\n");

        Tool.Result result =
            await Tool.RunAsync("bash", [At("eng/podman/play.sh"), "up", "trial"], environment: new Dictionary<string, string>
            {
                ["PATH"] = $"{At("bin")}:{Environment.GetEnvironmentVariable("PATH")}",
                ["XDG_CACHE_HOME"] = At("cache"),
            });

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(reason, result.Error);
        Assert.False(Directory.Exists(At("cache/openclaw/podman/trial")), "It left something behind.");
    }

    private string At(string path) => Path.Combine(_root, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
        File.SetUnixFileMode(At(path), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
