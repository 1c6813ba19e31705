using k8s;

namespace OpenClaw.Kubernetes.Tests.Secrecy;

/// <summary>The part of a kustomization.yaml that makes Secrets.</summary>
internal sealed class SecretGenerators
{
    public List<Generator>? SecretGenerator { get; set; }

    /// <summary>All of them in one file; none where it has none.</summary>
    public static IReadOnlyList<Generator> Read(string text) => KubernetesYaml.Deserialize<SecretGenerators>(text)?.SecretGenerator ?? [];

    /// <summary>Where one Secret's values come from.</summary>
    internal sealed class Generator
    {
        public string? Name { get; set; }

        public string? Env { get; set; }

        public List<string>? Envs { get; set; }

        public List<string>? Files { get; set; }

        public List<string>? Literals { get; set; }

        /// <summary>Paths of the files it reads, from the kustomization's folder. An entry of <c>files</c> may be
        /// <c>KEY=PATH</c>.</summary>
        public IEnumerable<string> Sources =>
            [.. Envs ?? [], .. Env is null ? (string[])[] : [Env], .. (Files ?? []).Select(f => f[(f.IndexOf('=') + 1)..])];
    }
}
