using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.Orchestration;

/// <summary>Makes the objects that dcp understands.</summary>
internal static class DcpObjects
{
    public const string Services = "services";
    public const string Executables = "executables";
    public const string Containers = "containers";

    /// <summary>The service, that is the listening proxy, of an endpoint.</summary>
    public static string ServiceName(IResource owner, EndpointAnnotation endpoint) => $"{owner.Name}-{endpoint.Name}".ToLowerInvariant();

    public static JsonObject Service(IResource owner, EndpointAnnotation endpoint, int? port)
    {
        var spec = new JsonObject { ["address"] = "localhost", ["protocol"] = "TCP", ["addressAllocationMode"] = "Localhost" };
        if (port is not null)
        {
            spec["port"] = port;
        }

        return Definition("Service", ServiceName(owner, endpoint), spec, annotations: null);
    }

    public static JsonObject Executable(string name, string path, IEnumerable<string> args, string workingDirectory, IEnumerable<KeyValuePair<string, string>> environment, IResource? owner) =>
        Definition("Executable", name, new JsonObject
        {
            ["executablePath"] = path,
            ["args"] = Strings(args),
            ["workingDirectory"] = workingDirectory,
            ["executionType"] = "Process",
            ["env"] = Environment(environment),
        }, owner is null ? null : Producer(owner, endpoint => endpoint.TargetPort));

    public static JsonObject Container(string name, ContainerResource container, IEnumerable<string> args, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var mounts = container.Annotations.OfType<ContainerMountAnnotation>().Select(mount => new JsonObject
        {
            ["type"] = mount.Type == ContainerMountType.Volume ? "volume" : "bind",
            ["source"] = mount.Source,
            ["target"] = mount.Target,
            ["readOnly"] = mount.IsReadOnly,
        });
        var ports = Endpoints(container).Select(endpoint => new JsonObject { ["containerPort"] = endpoint.TargetPort, ["protocol"] = "TCP" });
        var spec = new JsonObject
        {
            ["image"] = container.Annotations.OfType<ContainerImageAnnotation>().Last().ToString(),
            ["args"] = Strings(args),
            ["env"] = Environment(environment),
            ["ports"] = new JsonArray([.. ports]),
            ["volumeMounts"] = new JsonArray([.. mounts]),
        };
        if (container.Entrypoint is not null)
        {
            spec["command"] = container.Entrypoint;
        }

        return Definition("Container", name, spec, Producer(container, endpoint => endpoint.TargetPort));
    }

    /// <summary>How to run a project: what the AppHost's build made of it, else through the SDK.</summary>
    [SuppressMessage("Performance", "CA1859", Justification = "The two branches.")]
    public static (string Path, string[] Args) ProjectCommand(Assembly appHost, IProjectMetadata project)
    {
        var dotnet = System.Environment.GetEnvironmentVariable("DOTNET_HOST_PATH")
            ?? (Path.GetFileNameWithoutExtension(System.Environment.ProcessPath) == "dotnet" ? System.Environment.ProcessPath! : "dotnet");
        var output = appHost.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(metadata => metadata.Key == $"aspire-offline-output:{project.ProjectPath}")?.Value;
        return output is not null
            ? (dotnet, ["exec", output])
            : (dotnet, ["run", "--project", project.ProjectPath, .. project.SuppressBuild ? ["--no-build"] : Array.Empty<string>(), "--no-launch-profile"]);
    }

    private static IEnumerable<EndpointAnnotation> Endpoints(IResource owner) => owner.Annotations.OfType<EndpointAnnotation>();

    private static JsonObject? Producer(IResource owner, Func<EndpointAnnotation, int?> port)
    {
        var services = Endpoints(owner).Select(endpoint => new JsonObject
        {
            ["serviceName"] = ServiceName(owner, endpoint),
            ["address"] = "localhost",
            ["port"] = port(endpoint),
        }).ToArray<JsonNode>();
        return services.Length == 0 ? null : new JsonObject { ["service-producer"] = new JsonArray(services).ToJsonString() };
    }

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => JsonValue.Create(value))]);

    private static JsonArray Environment(IEnumerable<KeyValuePair<string, string>> variables) =>
        new([.. variables.Select(variable => new JsonObject { ["name"] = variable.Key, ["value"] = variable.Value })]);

    private static JsonObject Definition(string kind, string name, JsonObject spec, JsonObject? annotations) => new()
    {
        ["apiVersion"] = "usvc-dev.developer.microsoft.com/v1",
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name, ["annotations"] = annotations },
        ["spec"] = spec,
    };
}
