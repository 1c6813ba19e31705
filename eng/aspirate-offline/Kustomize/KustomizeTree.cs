using AspirateOffline.Manifest;
using k8s;
using k8s.Models;

namespace AspirateOffline.Kustomize;

/// <summary>Writes the base: one folder per component, a namespace and the kustomization that joins them.</summary>
internal static class KustomizeTree
{
    /// <summary>Renders everything first, so that an error leaves the output folder as it was.</summary>
    public static void Write(AspireManifest manifest, GenerateOptions options)
    {
        foreach ((string path, string text) in Render(manifest, options))
        {
            string file = Path.Combine(options.OutputPath, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
    }

    /// <summary>The files of the base: relative path and text.</summary>
    public static IReadOnlyList<(string Path, string Text)> Render(AspireManifest manifest, GenerateOptions options)
    {
        ExpressionResolver resolver = new(manifest, options.Parameters);
        List<(string, string)> files = [];
        List<string> components = [];
        foreach ((string name, ManifestResource resource) in manifest.Workloads)
        {
            Component component = new(name, resource, resolver, options);
            List<string> parts = [component.WorkloadFile];
            files.Add(($"{name}/{component.WorkloadFile}", Yaml(component.Workload())));
            if (component.Service() is { } service)
            {
                parts.Add("service.yaml");
                files.Add(($"{name}/service.yaml", Yaml(service)));
            }

            files.Add(($"{name}/kustomization.yaml", Yaml(new Kustomization
            {
                Resources = parts,
                ConfigMapGenerator = [new Kustomization.ConfigMapArgs($"{name}-env", component.Environment())],
            })));
            components.Add(name);
        }

        files.Add(("namespace.yaml", Yaml(new V1Namespace
        {
            ApiVersion = "v1",
            Kind = "Namespace",
            Metadata = new V1ObjectMeta { Name = options.Namespace },
        })));
        files.Add(("kustomization.yaml", Yaml(new Kustomization
        {
            Namespace = options.Namespace,
            Resources = [.. components, "namespace.yaml"],
        })));
        return files;
    }

    private static string Yaml(object document) => $"---\n{KubernetesYaml.Serialize(document).ReplaceLineEndings("\n").TrimEnd()}\n";
}
