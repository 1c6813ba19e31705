namespace Aspire.Hosting.Orchestration;

/// <summary>Makes the objects that dcp understands.</summary>
internal static class DcpObjects
{
    public const string Services = "services";
    public const string Executables = "executables";
    public const string Containers = "containers";

    /// <summary>The service, that is the listening proxy, of an endpoint.</summary>
    public static string ServiceName(IResource owner, EndpointAnnotation endpoint) => $"{owner.Name}-{endpoint.Name}".ToLowerInvariant();

    public static object Service(IResource owner, EndpointAnnotation endpoint, int? port) => Definition(
        "Service", ServiceName(owner, endpoint), new { address = "localhost", protocol = "TCP", addressAllocationMode = "Localhost", port });

    public static object Executable(
        string name, string path, IEnumerable<string> args, string workingDirectory, IEnumerable<KeyValuePair<string, string>> environment, IResource? owner) =>
        Definition("Executable", name, new { executablePath = path, args, workingDirectory, executionType = "Process", env = Environment(environment) }, owner);

    public static object Container(string name, ContainerResource container, IEnumerable<string> args, IEnumerable<KeyValuePair<string, string>> environment) =>
        Definition(
            "Container",
            name,
            new
            {
                image = container.Annotations.OfType<ContainerImageAnnotation>().Last().ToString(),
                command = container.Entrypoint,
                args,
                env = Environment(environment),
                ports = Endpoints(container).Select(endpoint => new { containerPort = endpoint.TargetPort, protocol = "TCP" }),
                volumeMounts = container.Annotations.OfType<ContainerMountAnnotation>()
                    .Select(mount => new { type = "volume", source = mount.Source, target = mount.Target, readOnly = mount.IsReadOnly }),
            },
            container);

    /// <summary>How to run what the AppHost's build made of a project.</summary>
    public static string[] ProjectCommand(Assembly appHost, IProjectMetadata project)
    {
        var dotnet = System.Environment.GetEnvironmentVariable("DOTNET_HOST_PATH")
            ?? (Path.GetFileNameWithoutExtension(System.Environment.ProcessPath) == "dotnet" ? System.Environment.ProcessPath! : "dotnet");
        var output = appHost.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == $"aspire-offline-output:{project.ProjectPath}");
        return [dotnet, "exec", output.Value!];
    }

    private static IEnumerable<EndpointAnnotation> Endpoints(IResource owner) => owner.Annotations.OfType<EndpointAnnotation>();

    private static IEnumerable<object> Environment(IEnumerable<KeyValuePair<string, string>> variables) =>
        variables.Select(variable => new { name = variable.Key, value = variable.Value });

    /// <param name="owner">Whose endpoints are served by it.</param>
    private static object Definition(string kind, string name, object spec, IResource? owner = null)
    {
        var services = (owner is null ? [] : Endpoints(owner))
            .Select(endpoint => new { serviceName = ServiceName(owner!, endpoint), address = "localhost", port = endpoint.TargetPort })
            .ToArray();
        var annotations = services.Length == 0 ? null : new Dictionary<string, string> { ["service-producer"] = JsonSerializer.Serialize(services, DcpClient.Json) };
        return new { apiVersion = "usvc-dev.developer.microsoft.com/v1", kind, metadata = new { name, annotations }, spec };
    }
}
