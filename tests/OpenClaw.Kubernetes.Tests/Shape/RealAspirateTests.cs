using OpenClaw.Kubernetes.Tests.Rendering;
using OpenClaw.Kubernetes.Tests.Rules;

namespace OpenClaw.Kubernetes.Tests.Shape;

/// <summary>The overlays take a base as the real aspirate 9.1 writes it, unchanged. It is not on every feed, so the base is shaped after
/// what
/// it was seen to write: image names with the registry, and no names for a container's ports.</summary>
public sealed class RealAspirateTests
{
    private const string Registry = "registry.example.com/team";

    public static TheoryData<string> Overlays => ["production", "managed-redis", "local", "production+gateway+metrics+telemetry"];

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Overlay_OnTheBaseOfTheRealOne_KeepsEveryRule(string overlay)
    {
        using Rendering.Overlays overlays = WithRealBase("redis-data");

        ManifestSet set = await overlays.RenderAsync(overlay);

        Assert.Empty(ManifestRules.All.SelectMany(r => r.Violations(set).Select(v => $"{r.GetType().Name}: {v}")));
        Assert.Equal($"{Registry}/edge:7.1", set.Workloads.Single(w => w.Name == "edge").Containers.Single().Image);
    }

    /// <summary>It names the claim after the manifest's volume. The name that Aspire makes of a hash fits nothing, so the volume has one of
    /// its own.</summary>
    [Fact]
    public async Task Overlay_VolumeWithAspiresOwnName_MissesIt()
    {
        using Rendering.Overlays overlays = WithRealBase("openclaw-apphost-0123456789-redis-data");

        ManifestSet set = await overlays.RenderAsync("production");

        Assert.Contains("redis/redis: no volume redis-data", new ReferencesExist().Violations(set));
    }

    private static Rendering.Overlays WithRealBase(string volume)
    {
        Rendering.Overlays overlays = new();
        foreach (string file in Directory.EnumerateFiles(Path.Combine(overlays.Folder, "base"), "*.yaml", SearchOption.AllDirectories))
        {
            string text = File.ReadAllText(file).Replace("image: openclaw/", $"image: {Registry}/").Replace(":1.0.0", ":7.1");
            text = text.Replace("redis-data", volume);
            if (Path.GetFileName(file) is "statefulset.yaml")
            {
                text = text.Replace("        - containerPort: 6379\n          name: tcp\n", "        - containerPort: 6379\n");
            }

            File.WriteAllText(file, text);
        }

        return overlays;
    }
}
