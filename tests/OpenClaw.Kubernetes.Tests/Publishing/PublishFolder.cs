namespace OpenClaw.Kubernetes.Tests.Publishing;

/// <summary>A copy of the files that publish.sh uses, and a fake <c>dotnet</c>.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public abstract class PublishFolder : IDisposable
{
    private protected const string NotOnTheFeed =
        "echo 'Version 9.1.0 of package aspirate is not found in NuGet feeds the-feed.' >&2; exit 1";
    private protected const string Production = "aspire-manifest/kubernetes/production/";

    private readonly string _root = Directory.CreateTempSubdirectory("openclaw-publish-").FullName;

    private protected PublishFolder()
    {
        Copy("publish.sh");
        Copy("eng/Container.props");
        Copy(".config/dotnet-tools.json");
        foreach (string file in Directory.EnumerateFiles(Repository.At("deploy/prometheus"), "*.rules.yml"))
        {
            Copy(Path.GetRelativePath(Repository.Root, file));
        }

        foreach (string file in Directory.EnumerateFiles(Repository.Kubernetes, "*", SearchOption.AllDirectories))
        {
            if (Path.GetExtension(file) != ".env" || file.EndsWith("settings.env", StringComparison.Ordinal))
            {
                Copy(Path.GetRelativePath(Repository.Root, file));
            }
        }

        Write("aspire-manifest/manifest.json", File.ReadAllText(Repository.At("tests/OpenClaw.Kubernetes.Tests/Fixtures/manifest.json")));
    }

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Directory.Delete(_root, recursive: true);
    }

    /// <summary>Runs the copy of publish.sh with a stub of dotnet, whose answer to <c>tool restore</c> is given.</summary>
    private protected Task<Tool.Result> PublishAsync(string toolRestore, params string[] arguments) =>
        PublishAsync(toolRestore, arguments, null);

    private protected async Task<Tool.Result> PublishAsync(
        string toolRestore, string[] arguments, string? generate = null, string publish = ":", string? home = null)
    {
        Tool.Require("bash", "apt-get install bash");
        generate ??= $"""cp -r "{Repository.Base}/." "$out" """;
        Write("stub/dotnet", $$"""
            #!/bin/sh
            echo "$*" >>"{{_root}}/calls"
            case "$*" in
              "tool restore"*) {{toolRestore}} ;;
              *AppHost*) for last; do :; done; echo '{ "from": "the AppHost" }' >"$last" ;;
              publish*) {{publish}} ;;
              *generate*)
                out=$(echo "$*" | sed 's/.*--output-path \([^ ]*\).*/\1/')
                {{generate}} ;;
            esac

            """);
        File.SetUnixFileMode(At("stub/dotnet"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Dictionary<string, string> environment = new() { ["PATH"] = $"{At("stub")}:{Environment.GetEnvironmentVariable("PATH")}" };
        if (home is not null)
        {
            (environment["HOME"], environment["XDG_CONFIG_HOME"]) = (home, "");
        }

        return await Tool.RunAsync("bash", [At("publish.sh"), .. arguments], _root, environment);
    }

    private protected static string LastLine(Tool.Result result) => result.Successful().TrimEnd('\n').Split('\n')[^1];

    private protected string Calls() => File.Exists(At("calls")) ? Read("calls") : "";

    private protected string At(string path) => Path.Combine(_root, path);

    private protected string Read(string path) => File.ReadAllText(At(path));

    private protected void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }

    private void Copy(string path) => Write(path, File.ReadAllText(Repository.At(path)));
}
