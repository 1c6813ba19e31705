using System.Text.RegularExpressions;

namespace OpenClaw.Kubernetes.Tests.Secrecy;

/// <summary>Looks for secret values in a file that is committed.</summary>
internal static partial class SecretScan
{
    // Allowed values in place of a secret: empty, a reference, a placeholder, or the public pepper for development.
    private static readonly string[] Harmless = ["null", "CHANGE-ME", "set-by-overlay", "openclaw-development-pepper-not-for-production"];

    /// <summary>The findings, each with the name of the file.</summary>
    public static IEnumerable<string> Violations(string path, string text)
    {
        if (SecretFile().IsMatch(path))
        {
            yield return $"{path}: only its example is committed";
        }

        if (SecretKind().IsMatch(text))
        {
            yield return $"{path}: a Secret in plain text";
        }

        if (Path.GetFileName(path) == "kustomization.yaml")
        {
            foreach (SecretGenerators.Generator generator in SecretGenerators.Read(text).Where(g => g.Literals is { Count: > 0 }))
            {
                yield return $"{path}: {generator.Name} has literals";
            }
        }

        if (text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            yield return $"{path}: a private key";
        }

        foreach (Match match in Assignment().Matches(text).Where(m => !Harmless.Contains(m.Groups["value"].Value)))
        {
            yield return $"{path}: a value for {match.Groups["name"].Value}";
        }
    }

    [GeneratedRegex(@"(^|/)secrets/[^/]*\.env$")]
    private static partial Regex SecretFile();

    [GeneratedRegex(@"^kind: Secret\s*$", RegexOptions.Multiline)]
    private static partial Regex SecretKind();

    // NAME=value, NAME: value, "NAME": "value", and a container's name and value on two lines. One that begins with { or $ is a reference,
    // and ? is the
    // shell's.
    [GeneratedRegex("""
        (?<name>[\w-]*(password|pepper|admin(__|:)key|api_?key))["']?[ \t]*([=:]|\n[ \t]*value:)[ \t]*["']?
        (?<value>[^\s"',;{$?][^\s"',;]*)
        """, RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Assignment();
}
