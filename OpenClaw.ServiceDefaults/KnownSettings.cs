using Microsoft.Extensions.Configuration;

namespace OpenClaw.ServiceDefaults;

/// <summary>Reports unknown settings below <c>OpenClaw</c>. Otherwise a misspelt name would silently have no effect.
/// Names below <c>OpenClaw:Edge</c>, <c>OpenClaw:Console</c> and <c>OpenClaw:Notifier</c> are validated by those services. The AppHost
/// compiles this file too.</summary>
internal static class KnownSettings
{
    private const string ScrapePort = "OpenClaw:Metrics:Prometheus:Port";

    private static readonly (string Section, string[] Names)[] Sections =
    [
        // Services accept the AppHost's own names as well, because they inherit its environment.
        ("OpenClaw", ["Console", "Edge", "Management", "ManagementPort", "Metrics", "Notifier", "Port", "RatingApi", "Redis", "Traces"]),
        ("OpenClaw:Management", ["Address", "AllowPlainText", "Certificate", "Port"]),
        ("OpenClaw:Management:Certificate", ["KeyPath", "Path"]),
        ("OpenClaw:Metrics", ["Prometheus"]),
        ("OpenClaw:Metrics:Prometheus", ["Enabled", "OtlpEndpoint", "Path"]),
        ("OpenClaw:Traces", ["ErrorRate", "FollowCallers", "Rate", "RefusalRate"]),
    ];

    /// <summary>Finds unknown names.</summary>
    /// <returns>One error for each, with the valid names.</returns>
    public static IEnumerable<string> FindUnknown(IConfiguration configuration) =>
        from section in Sections
        from child in configuration.GetSection(section.Section).GetChildren()
        where !section.Names.Contains(child.Key, StringComparer.OrdinalIgnoreCase)
        select child.Path.Equals(ScrapePort, StringComparison.OrdinalIgnoreCase)
            ? $"{child.Path} is no longer a setting: metrics are served on the management listener, see OpenClaw:Management:Port."
            : $"{child.Path} is not a setting; {section.Section} has: {string.Join(", ", section.Names)}.";
}
