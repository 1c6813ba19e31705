using System.Globalization;
using System.Text.RegularExpressions;

namespace AspirateOffline.Manifest;

/// <summary>Replaces the manifest's <c>{resource.property}</c> expressions by what they are inside the cluster, as aspirate does.</summary>
internal sealed partial class ExpressionResolver(AspireManifest manifest, IReadOnlyDictionary<string, string> parameters)
{
    // Limits recursion; real chains are connection string → parameter → input.
    private const int MaxDepth = 8;

    /// <summary>Resolves every expression in <paramref name="text"/>.</summary>
    /// <exception cref="GenerateException">An expression refers to nothing in the manifest, or a parameter has no value.</exception>
    public string Resolve(string text) => Resolve(text, 0);

    private string Resolve(string text, int depth)
    {
        return depth > MaxDepth
            ? throw new GenerateException($"'{text}' refers to itself")
            : Expression().Replace(text, match => Evaluate(match.Groups[1].Value, match.Value, depth));
    }

    private string Evaluate(string expression, string literal, int depth)
    {
        string[] path = expression.Split('.');
        if (!manifest.Resources.TryGetValue(path[0], out ManifestResource? resource))
        {
            throw new GenerateException($"'{literal}' names no resource of the manifest");
        }

        return (resource.Type, path) switch
        {
            // aspirate skips these resources, so that their expressions stay in the output.
            ("annotated.string", _) => literal,
            ("parameter.v0", [_, "value"] or [_, "inputs", "value"]) => Parameter(path[0]),
            (_, [_, "connectionString"]) => Resolve(resource.ConnectionString ?? "", depth + 1),
            (_, [_, "bindings", string name, string property]) when resource.Bindings.TryGetValue(name,
                out ManifestResource.Binding? binding) =>
                Endpoint(path[0], resource, binding, property, literal),
            _ => throw new GenerateException($"'{literal}' names no property of '{path[0]}'"),
        };
    }

    private string Parameter(string name) => parameters.TryGetValue(name, out string? value)
        ? value
        : throw new GenerateException($"parameter '{name}' has no value: pass --parameter {name}=VALUE");

    private static string Endpoint(string host, ManifestResource resource, ManifestResource.Binding binding, string property,
        string literal)
    {
        string port = Port(resource, binding).ToString(CultureInfo.InvariantCulture);
        return property switch
        {
            "host" => host,
            "port" or "targetPort" => port,
            "scheme" => "http",
            "url" => $"http://{host}:{port}",
            _ => throw new GenerateException($"'{literal}' names no property of an endpoint"),
        };
    }

    /// <summary>The port on which an endpoint is reached inside the cluster.</summary>
    public static int Port(ManifestResource resource, ManifestResource.Binding binding) => resource.IsProject
        ? ManifestResource.ProjectPort
        : binding.TargetPort ?? binding.Port ?? throw new GenerateException("an endpoint has neither targetPort nor port");

    [GeneratedRegex(@"\{([^{}]+)\}")]
    private static partial Regex Expression();
}
