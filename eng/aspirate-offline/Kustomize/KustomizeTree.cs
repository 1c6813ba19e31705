using AspirateOffline.Manifest;
using k8s;
using k8s.Models;

namespace AspirateOffline.Kustomize;

/// <summary>Writes the base: one folder per component, a namespace and the kustomization that joins them.</summary>
internal static class KustomizeTree
{
    /// <summary>Renders everything first, so that an error in the manifest leaves the output folder as it was.</summary>
    /// <exception cref="GenerateException">The manifest cannot be rendered, or the folder not be written.</exception>
    public static void Write(AspireManifest manifest, GenerateOptions options)
    {
        IReadOnlyList<(string Path, string Text)> files = Render(manifest, options);
        try
        {
            foreach ((string path, string text) in files)
            {
                string file = Path.Combine(options.OutputPath, path);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, text);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new GenerateException(
                $"--output-path is '{options.OutputPath}', which must be a folder that can be written: {error.Message}");
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
