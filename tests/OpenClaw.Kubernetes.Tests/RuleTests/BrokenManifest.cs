using OpenClaw.Kubernetes.Tests.Rendering;
using OpenClaw.Kubernetes.Tests.Rules;

namespace OpenClaw.Kubernetes.Tests.RuleTests;

/// <summary>Breaks one thing in rendered manifests.</summary>
internal static class BrokenManifest
{
    private static readonly Dictionary<string, IManifestRule> Rules =
        ManifestRules.All.Append(new EdgeOutlivesANode()).ToDictionary(rule => rule.GetType().Name);

    /// <summary>Asserts that a rule names what is wrong when the first <paramref name="right"/> has become
    /// <paramref name="wrong"/>.</summary>
    public static async Task AssertNamedAsync(
        Overlays overlays, string rule, string right, string wrong, string violation, string overlay = "production")
    {
        string text = (await overlays.RenderAsync(overlay)).Text;
        int at = text.IndexOf(right, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{overlay} has no «{right}»");
        ManifestSet broken = ManifestSet.Parse(text[..at] + wrong + text[(at + right.Length)..]);
        string[] violations = [.. Rules[rule].Violations(broken)];
        Assert.Contains(violations, v => v.StartsWith(violation, StringComparison.Ordinal));
    }
}
