using System.Reflection;

namespace OpenClaw.Kubernetes.Tests;

/// <summary>Where the files under test are.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "RepositoryRoot").Value!;

    public static string Kubernetes { get; } = At("aspire-manifest/kubernetes");

    public static string Base { get; } = At("aspire-manifest/kubernetes/base");

    public static string Manifest { get; } = At("aspire-manifest/manifest.json");

    public static string At(string path) => Path.Combine(Root, path);
}
