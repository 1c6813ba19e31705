namespace AspirateOffline.Kustomize;

/// <summary>A kustomization.yaml, as far as aspirate writes one. Members are named as in the file.</summary>
internal sealed record Kustomization
{
    /// <summary>Namespace of every object; only in the root.</summary>
    public string? Namespace { get; init; }

    /// <summary>Files and folders, relative.</summary>
    public required List<string> Resources { get; init; }

    /// <summary>aspirate refers to its ConfigMaps by their plain names.</summary>
    public GeneratorOptionsSection GeneratorOptions { get; } = new(DisableNameSuffixHash: true);

    /// <summary>The environment of a component.</summary>
    public List<ConfigMapArgs>? ConfigMapGenerator { get; init; }

    /// <summary>How generated objects are named.</summary>
    internal sealed record GeneratorOptionsSection(bool DisableNameSuffixHash);

    /// <summary>One generated ConfigMap; a literal is <c>NAME=value</c>.</summary>
    internal sealed record ConfigMapArgs(string Name, List<string> Literals);
}
