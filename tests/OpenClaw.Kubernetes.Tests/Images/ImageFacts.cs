using System.Text.Json;

namespace OpenClaw.Kubernetes.Tests.Images;

/// <summary>What an image's configuration says of how it runs.</summary>
internal sealed record ImageFacts(string User, string Folder, string[] Entrypoint, string[] Ports, string[] Environment,
    IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>Reads the "config" part of an OCI image configuration.</summary>
    public static ImageFacts Read(JsonElement config) => new(
        config.GetProperty("User").GetString()!,
        config.GetProperty("WorkingDir").GetString()!,
        Texts(config, "Entrypoint"),
        [.. config.GetProperty("ExposedPorts").EnumerateObject().Select(p => p.Name)],
        [.. Texts(config, "Env").Order(StringComparer.Ordinal)],
        config.GetProperty("Labels").EnumerateObject().ToDictionary(l => l.Name, l => l.Value.GetString()!));

    // Made by the tool that built the image, and of the base only that it is named: it comes from elsewhere here and there.
    private static readonly string[] OfTheBuilder =
        ["io.buildah.version", "net.dot.runtime.majorminor", "net.dot.sdk.version", "org.opencontainers.image.base.digest"];
    private const string Base = "org.opencontainers.image.base.name";

    /// <summary>All of it, one fact in a line, but for what depends on the builder.</summary>
    public string[] ToLines() =>
    [
        $"user {User}", $"folder {Folder.TrimEnd('/')}", $"entrypoint {string.Join(' ', Entrypoint)}", .. Ports.Select(p => $"port {p}"),
            .. Environment.Select(e => $"env {e}"),
        .. Labels.Where(l => !OfTheBuilder.Contains(l.Key))
            .Select(l => $"label {l.Key}={(l.Key == Base && l.Value.Length > 0 ? "named" : l.Value)}").Order(StringComparer.Ordinal),
    ];

    private static string[] Texts(JsonElement config, string name) =>
        [.. config.GetProperty(name).EnumerateArray().Select(e => e.GetString()!)];
}
