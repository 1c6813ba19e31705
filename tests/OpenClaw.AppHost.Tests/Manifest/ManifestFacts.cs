using System.Text.Json;
using System.Text.RegularExpressions;

namespace OpenClaw.AppHost.Tests.Manifest;

/// <summary>
/// What a manifest says, whichever version of Aspire wrote it: resources, types, paths, images, arguments, bindings, environment variables and connection
/// strings. Left out are the entries that a version makes up to help itself (annotated.string, value.v0), with the references to them, the
/// names of volumes, and the scheme of what is not HTTP.
/// </summary>
internal static partial class ManifestFacts
{
    /// <summary>Gives one line for each fact, in order.</summary>
    public static IReadOnlyList<string> Read(string path)
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(path));
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var all = manifest.RootElement.GetProperty("resources").EnumerateObject().ToArray();
        var helpers = all.Where(entry => Text(entry.Value, "type") is "annotated.string" or "value.v0").Select(entry => entry.Name).ToHashSet();
        return [.. all.Where(entry => !helpers.Contains(entry.Name)).SelectMany(entry => Facts(entry, folder, helpers)).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Facts(JsonProperty entry, string folder, HashSet<string> helpers)
    {
        var (name, resource) = (entry.Name, entry.Value);
        yield return $"{name}: {Text(resource, "type")}";
        foreach (var property in new[] { "image", "entrypoint" }.Where(property => Text(resource, property) is not null))
        {
            yield return $"{name} {property}: {Text(resource, property)}";
        }

        if (Text(resource, "path") is { } project)
        {
            yield return $"{name} path: {Path.GetFullPath(project, folder)}";
        }

        if (Text(resource, "connectionString") is { } connectionString)
        {
            yield return $"{name} connection string: {Value(connectionString, helpers)}";
        }

        if (resource.TryGetProperty("args", out var arguments))
        {
            yield return $"{name} args: {string.Join(" | ", arguments.EnumerateArray().Select(argument => Value(argument.GetString()!, helpers)))}";
        }

        foreach (var variable in Members(resource, "env"))
        {
            yield return $"{name} env {variable.Name}: {Value(variable.Value.GetString()!, helpers)}";
        }

        foreach (var binding in Members(resource, "bindings"))
        {
            foreach (var property in binding.Value.EnumerateObject().Where(property => property.Name != "scheme" || Text(binding.Value, "transport") == "http"))
            {
                yield return $"{name} binding {binding.Name} {property.Name}: {property.Value}";
            }
        }

        if (resource.TryGetProperty("volumes", out var volumes))
        {
            foreach (var volume in volumes.EnumerateArray())
            {
                yield return $"{name} volume: {Text(volume, "target")}";
            }
        }

        foreach (var input in Members(resource, "inputs"))
        {
            yield return $"{name} input {input.Name}: {Text(input.Value, "type")}, secret {input.Value.TryGetProperty("secret", out var secret) && secret.GetBoolean()}";
        }
    }

    private static string Value(string value, HashSet<string> helpers) =>
        Reference().Replace(value, match => helpers.Contains(match.Value.Trim('{', '}').Split('.')[0]) ? "{…}" : match.Value);

    private static IEnumerable<JsonProperty> Members(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.EnumerateObject() : [];

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;

    [GeneratedRegex(@"\{[^{}]+\}")]
    private static partial Regex Reference();
}
