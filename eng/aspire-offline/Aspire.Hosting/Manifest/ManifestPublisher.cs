namespace Aspire.Hosting.Manifest;

/// <summary>Writes the description of the application that deployment tools read.</summary>
internal sealed partial class ManifestPublisher(
    DistributedApplicationModel model, IConfiguration configuration, ILogger<ManifestPublisher> logger)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly JsonObject _resources = [];

    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        var output = Path.GetFullPath(configuration["output-path"]
            ?? throw new DistributedApplicationException("Where to write the manifest? Add --output-path <file>."));
        var folder = Path.GetDirectoryName(output)!;
        foreach (var resource in model.Resources)
        {
            Add(resource, folder);
        }

        Directory.CreateDirectory(folder);
        var manifest = new JsonObject { ["resources"] = _resources };
        await File.WriteAllTextAsync(output, manifest.ToJsonString(Format) + "\n", cancellationToken);
        LogPublished(output);
    }

    private void Add(IResource resource, string folder)
    {
        JsonObject entry = [];
        _resources[resource.Name] = entry;
        switch (resource)
        {
            case ContainerResource container:
                entry["type"] = "container.v0";
                AddConnectionString(entry, resource);
                entry["image"] = container.Annotations.OfType<ContainerImageAnnotation>().Last().ToString();
                if (container.Entrypoint is not null)
                {
                    entry["entrypoint"] = container.Entrypoint;
                }

                AddArguments(entry, resource);
                AddMounts(entry, container);
                break;
            case ProjectResource:
                var project = resource.Annotations.OfType<IProjectMetadata>().Last();
                entry["type"] = "project.v0";
                entry["path"] = Path.GetRelativePath(folder, project.ProjectPath).Replace('\\', '/');
                AddArguments(entry, resource);
                break;
            case ParameterResource parameter:
                AddParameter(entry, parameter);
                break;
            default:
                entry["type"] = "value.v0";
                AddConnectionString(entry, resource);
                break;
        }

        AddEnvironment(entry, resource);
        AddBindings(entry, resource);
    }

    private void AddConnectionString(JsonObject entry, IResource resource)
    {
        if (resource is IResourceWithConnectionString withConnectionString)
        {
            entry["connectionString"] = Expression(withConnectionString.ConnectionStringExpression);
        }
    }

    private static void AddArguments(JsonObject entry, IResource resource)
    {
        if (ExecutionConfiguration.Arguments(resource) is { Length: > 0 } arguments)
        {
            entry["args"] = new JsonArray([.. arguments.Select(argument => JsonValue.Create(argument))]);
        }
    }

    private void AddEnvironment(JsonObject entry, IResource resource)
    {
        var variables = ExecutionConfiguration.Environment(resource);
        if (variables.Count > 0)
        {
            entry["env"] = new JsonObject(variables.Select(variable => KeyValuePair.Create(variable.Key, (JsonNode?)Expression(variable.Value))));
        }
    }

    private static void AddMounts(JsonObject entry, ContainerResource container)
    {
        var volumes = container.Annotations.OfType<ContainerMountAnnotation>().Where(mount => mount.Type == ContainerMountType.Volume)
            .Select(volume => new JsonObject { ["name"] = volume.Source, ["target"] = volume.Target, ["readOnly"] = volume.IsReadOnly })
            .ToArray<JsonNode>();
        if (volumes.Length > 0)
        {
            entry["volumes"] = new JsonArray(volumes);
        }
    }

    private static void AddParameter(JsonObject entry, ParameterResource parameter)
    {
        entry["type"] = "parameter.v0";
        entry["value"] = $"{{{parameter.Name}.inputs.value}}";
        JsonObject input = new() { ["type"] = "string" };
        if (parameter.Secret)
        {
            input["secret"] = true;
        }

        if (parameter.Default is GenerateParameterDefault rule)
        {
            input["default"] = new JsonObject { ["generate"] = Generated(rule) };
        }

        entry["inputs"] = new JsonObject { ["value"] = input };
    }

    private static JsonObject Generated(GenerateParameterDefault rule)
    {
        JsonObject generate = new() { ["minLength"] = rule.MinLength };
        if (!rule.Special)
        {
            generate["special"] = false;
        }

        return generate;
    }

    private static void AddBindings(JsonObject entry, IResource resource)
    {
        var bindings = new JsonObject(resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint =>
        {
            JsonObject binding = new()
            {
                ["scheme"] = endpoint.UriScheme,
                ["protocol"] = endpoint.Protocol.ToString().ToLowerInvariant(),
                ["transport"] = endpoint.Transport,
            };
            if (endpoint.Port is { } port && port != endpoint.TargetPort)
            {
                binding["port"] = port;
            }

            if (endpoint.TargetPort is { } targetPort)
            {
                binding["targetPort"] = targetPort;
            }

            if (endpoint.IsExternal)
            {
                binding["external"] = true;
            }

            return KeyValuePair.Create(endpoint.Name, (JsonNode?)binding);
        }));
        if (bindings.Count > 0)
        {
            entry["bindings"] = bindings;
        }
    }

    /// <summary>The manifest's form of a value. A parameter in another encoding gets an entry of its own.</summary>
    private string Expression(object value)
    {
        if (value is not ReferenceExpression text)
        {
            return value is IManifestExpressionProvider provider ? provider.ValueExpression : (string)value;
        }

        var parts = text.ValueProviders.Select((part, i) =>
        {
            if (text.StringFormats[i] is { } filter && part is ParameterResource parameter)
            {
                var name = $"{parameter.Name}-{filter}-encoded";
                _resources[name] = new JsonObject { ["type"] = "annotated.string", ["value"] = parameter.ValueExpression, ["filter"] = filter };
                return $"{{{name}.value}}";
            }

            return part is ReferenceExpression inner ? Expression(inner) : text.ManifestExpressions[i];
        });
        return string.Format(System.Globalization.CultureInfo.InvariantCulture, text.Format, [.. parts]);
    }

    [LoggerMessage(1, LogLevel.Information, "Published manifest to: {Path}")]
    private partial void LogPublished(string path);
}
