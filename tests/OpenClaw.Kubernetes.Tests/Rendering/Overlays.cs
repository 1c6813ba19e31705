using System.Collections.Concurrent;

[assembly: AssemblyFixture(typeof(OpenClaw.Kubernetes.Tests.Rendering.Overlays))]

namespace OpenClaw.Kubernetes.Tests.Rendering;

/// <summary>Renders the overlays with <c>kubectl kustomize</c>, in a copy of the tree whose secret files are made from the
/// examples.</summary>
public sealed class Overlays : IDisposable
{
    /// <summary>A placeholder for every secret; no committed file may hold it and no ConfigMap either.</summary>
    internal const string Secret = "0123456789abcdefghijklmnopqrstuvwxyz";

    private readonly ConcurrentDictionary<string, Lazy<Task<ManifestSet>>> _rendered = new();
    private readonly string _copy = Directory.CreateTempSubdirectory("openclaw-kustomize-").FullName;

    public Overlays()
    {
        foreach (string file in Directory.EnumerateFiles(Repository.Kubernetes, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(_copy, Path.GetRelativePath(Repository.Kubernetes, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (Path.GetExtension(file) == ".example")
            {
                File.WriteAllText(Path.ChangeExtension(copy, null), File.ReadAllText(file).Replace("CHANGE-ME", Secret));
            }
            else if (!Path.GetDirectoryName(file)!.EndsWith("secrets"))
            {
                File.Copy(file, copy);
            }
        }
    }

    private const string Everything =
        "+gateway+settings-file+metrics+prometheus-operator+autoscaling-by-requests+telemetry+priority+console-sign-in";

    private const string OwnRedis = "+redis-tls+redis-tls-cert-manager+valkey";

    /// <summary>Every overlay, with each of its optional components and with all of them.</summary>
    public static TheoryData<string> Names =>
    [
        "production", "managed-redis", "local", "production+gateway", "production+ingress", "production+settings-file",
            "production+metrics",
        "production+metrics+prometheus-operator", "production+metrics+autoscaling-by-requests", "production+telemetry",
        "production+priority", "production+console-sign-in", "production+redis-tls", "production+redis-tls+redis-tls-cert-manager",
            "production+valkey",
        "production+external-rating-api", "managed-redis+external-rating-api", $"production{Everything}{OwnRedis}",
        $"production{Everything}{OwnRedis}+external-rating-api", $"managed-redis{Everything}+external-rating-api",
        $"local{Everything}{OwnRedis}+external-rating-api",
    ];

    internal string Folder => _copy;

    /// <summary>The objects of an overlay; <c>name+component+…</c> adds optional components.</summary>
    internal Task<ManifestSet> RenderAsync(string name)
    {
        Tool.Require("kubectl", "https://kubernetes.io/docs/tasks/tools/, 1.27 or later; no cluster is needed");
        return _rendered.GetOrAdd(name, _ => new Lazy<Task<ManifestSet>>(() => RunAsync(name))).Value;
    }

    public void Dispose() => Directory.Delete(_copy, recursive: true);

    private async Task<ManifestSet> RunAsync(string name)
    {
        string[] parts = name.Split('+');
        string folder = Path.Combine(_copy, parts[0]);
        if (parts.Length > 1)
        {
            folder = Path.Combine(_copy, name);
            CopyFolder(Path.Combine(_copy, parts[0]), folder);
            string file = Path.Combine(folder, "kustomization.yaml");
            if (parts[0] == "local")
            {
                // It takes production's components.
                string production = string.Join('+', ["production", .. parts[1..]]);
                await RenderAsync(production);
                File.WriteAllText(file, Replaced(File.ReadAllText(file), "- ../production\n", $"- ../{production}\n"));
            }
            else
            {
                // What an operator does by hand: take the comment sign off the components' lines.
                File.WriteAllText(file, parts[1..].Aggregate(
                    File.ReadAllText(file),
                    (text, component) => Replaced(text, $"# - ../components/{component}\n", $"- ../components/{component}\n")));
            }
        }

        Tool.Result result = await Tool.RunAsync("kubectl", ["kustomize", folder]);
        string text = result.Successful();
        Assert.Equal("", result.Error);
        return ManifestSet.Parse(text);
    }

    private static string Replaced(string text, string old, string now)
    {
        Assert.Contains(old, text);
        return text.Replace(old, now);
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
