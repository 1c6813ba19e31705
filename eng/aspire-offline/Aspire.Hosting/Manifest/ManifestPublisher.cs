using System.Text.Encodings.Web;
using System.Text.Json.Serialization;

namespace Aspire.Hosting.Manifest;

/// <summary>Writes the description of the application that deployment tools read.</summary>
internal sealed partial class ManifestPublisher(
    DistributedApplicationModel model, IConfiguration configuration, ILogger<ManifestPublisher> logger)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Dictionary<string, object?> _resources = [];

    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        var wanted = configuration["publisher"] ?? configuration["step"];
        if (wanted is not ("manifest" or "publish-manifest"))
        {
            throw new DistributedApplicationException($"The offline Aspire publishes manifests only, not '{wanted}': use --publisher manifest --output-path <file>.");
        }

        var output = Path.GetFullPath(configuration["output-path"]
            ?? throw new DistributedApplicationException("Where to write the manifest? Add --output-path <file>."));
        var folder = Directory.CreateDirectory(Path.GetDirectoryName(output)!).FullName;
        foreach (var resource in model.Resources)
        {
            // Its place comes before those that its values need.
            _resources[resource.Name] = null;
            _resources[resource.Name] = Entry(resource, folder);
        }

        await File.WriteAllTextAsync(output, JsonSerializer.Serialize(new { resources = _resources }, Format) + "\n", cancellationToken);
        LogPublished(output);
    }

    private object Entry(IResource resource, string folder) => resource switch
    {
        ContainerResource container => new
        {
            type = "container.v0",
            connectionString = ConnectionString(resource),
            image = container.Annotations.OfType<ContainerImageAnnotation>().Last().ToString(),
            entrypoint = container.Entrypoint,
            args = OrNull(ExecutionConfiguration.Arguments(resource)),
            volumes = OrNull(container.Annotations.OfType<ContainerMountAnnotation>()
                .Select(volume => new { name = volume.Source, target = volume.Target, readOnly = volume.IsReadOnly }).ToArray()),
            env = Environment(resource),
            bindings = Bindings(resource),
        },
        ProjectResource => new
        {
            type = "project.v0",
            path = Path.GetRelativePath(folder, resource.Annotations.OfType<IProjectMetadata>().Last().ProjectPath).Replace('\\', '/'),
            env = Environment(resource),
            bindings = Bindings(resource),
        },
        ParameterResource parameter => new
        {
            type = "parameter.v0",
            value = $"{{{parameter.Name}.inputs.value}}",
            inputs = new { value = new { type = "string", secret = OrNull(parameter.Secret), @default = Default(parameter) } },
        },
        _ => new { type = "value.v0", connectionString = ConnectionString(resource) },
    };

    private string? ConnectionString(IResource resource) =>
        resource is IResourceWithConnectionString value ? Expression(value.ConnectionStringExpression) : null;

    private Dictionary<string, string>? Environment(IResource resource) =>
        OrNull(ExecutionConfiguration.Environment(resource).ToDictionary(variable => variable.Key, variable => Expression(variable.Value)));

    private static object? Default(ParameterResource parameter) => parameter.Default is GenerateParameterDefault rule
        ? new { generate = new { minLength = rule.MinLength, special = rule.Special ? (bool?)null : false } }
        : null;

    private static Dictionary<string, object>? Bindings(IResource resource) =>
        OrNull(resource.Annotations.OfType<EndpointAnnotation>().ToDictionary(endpoint => endpoint.Name, object (endpoint) => new
        {
            scheme = endpoint.UriScheme,
            protocol = "tcp",
            transport = endpoint.Transport,
            port = endpoint.Port == endpoint.TargetPort ? null : endpoint.Port,
            targetPort = endpoint.TargetPort,
            external = OrNull(endpoint.IsExternal),
        }));

    /// <summary>The manifest's form of a value. A parameter in another encoding gets an entry of its own.</summary>
    private string Expression(object value) => value switch
    {
        ReferenceExpression text => text.Fill((part, encoding) => encoding is not null && part is ParameterResource parameter
            ? Encoded(parameter, encoding)
            : Expression(part)),
        IManifestExpressionProvider provider => provider.ValueExpression,
        _ => (string)value,
    };

    private string Encoded(ParameterResource parameter, string filter)
    {
        var name = $"{parameter.Name}-{filter}-encoded";
        _resources[name] = new { type = "annotated.string", value = parameter.ValueExpression, filter };
        return $"{{{name}.value}}";
    }

    // What says nothing is left out.
    private static bool? OrNull(bool value) => value ? true : null;

    private static T? OrNull<T>(T values) where T : class, System.Collections.ICollection => values.Count > 0 ? values : null;

    [LoggerMessage(1, LogLevel.Information, "Published manifest to: {Path}")]
    private partial void LogPublished(string path);
}
