using AspirateOffline;
using AspirateOffline.Kustomize;
using AspirateOffline.Manifest;

try
{
    GenerateOptions options = GenerateOptions.Parse(args);
    AspireManifest manifest = AspireManifest.Load(options.ManifestPath);
    KustomizeTree.Write(manifest, options);
    Console.WriteLine($"aspirate-offline: {manifest.Workloads.Count()} components from {options.ManifestPath}");
    return 0;
}
catch (GenerateException error)
{
    Console.Error.WriteLine($"aspirate-offline: {error.Message}");
    return 1;
}
