using System.Text.Json;

namespace AspirateOffline.Manifest;

/// <summary>The resources of an Aspire manifest, in the order of the file.</summary>
internal sealed class AspireManifest
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    private AspireManifest(IReadOnlyDictionary<string, ManifestResource> resources) => Resources = resources;

    /// <summary>Every resource by name.</summary>
    public IReadOnlyDictionary<string, ManifestResource> Resources { get; }

    /// <summary>The resources that run: projects and containers.</summary>
    public IEnumerable<KeyValuePair<string, ManifestResource>> Workloads => Resources.Where(r => r.Value.IsProject || r.Value.IsContainer);

    /// <summary>Reads and checks a manifest.</summary>
    /// <exception cref="GenerateException">No such file, not a manifest, or an unsupported kind of resource.</exception>
    public static AspireManifest Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new GenerateException($"no manifest at '{path}': generate it first, see ./publish.sh --help");
        }

        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (JsonException error)
        {
            throw new GenerateException($"'{path}' is not an Aspire manifest: {error.Message}");
        }
    }

    /// <summary>Reads and checks a manifest's text.</summary>
    public static AspireManifest Parse(string text)
    {
        Document? document = JsonSerializer.Deserialize<Document>(text, Json);
        if (document?.Resources is not { Count: > 0 } resources)
        {
            throw new GenerateException("the manifest has no 'resources'");
        }

        string[] errors = [.. resources.SelectMany(r => r.Value.Errors(r.Key))];
        return errors.Length == 0
            ? new AspireManifest(resources)
            : throw new GenerateException(string.Join(Environment.NewLine, errors));
    }

    private sealed record Document(Dictionary<string, ManifestResource>? Resources);
}
