namespace Aspire.Hosting.Orchestration;

/// <summary>Turns what dcp says of a process or container into a snapshot.</summary>
internal static class DcpStatus
{
    public static CustomResourceSnapshot Apply(CustomResourceSnapshot snapshot, ResourceInstance instance, JsonNode dcpObject)
    {
        if (dcpObject["status"] is not { } status || State(status) is not { } state)
        {
            return snapshot;
        }

        var ended = HasEnded(dcpObject);
        return snapshot with
        {
            State = state,
            ExitCode = ended ? ExitCode(status) : null,
            StartTimeStamp = Time(status["startupTimestamp"]) ?? snapshot.StartTimeStamp,
            StopTimeStamp = ended ? Time(status["finishTimestamp"]) ?? DateTime.UtcNow : null,
            Properties = Properties(instance, dcpObject["spec"]!, status),
            EnvironmentVariables = Environment(dcpObject["spec"]!["env"], status["effectiveEnv"]),
            Urls =
            [
                .. instance.Resource.Annotations.OfType<EndpointAnnotation>()
                    .Select(endpoint => (endpoint.Name, string.Create(CultureInfo.InvariantCulture, $"{endpoint.UriScheme}://{endpoint.TargetHost}:{endpoint.AllocatedPort}"))),
            ],
        };
    }

    public static bool HasEnded(JsonNode dcpObject) =>
        dcpObject["status"] is { } status && State(status) is { } state && KnownResourceStates.TerminalStates.Contains(state);

    private static string? State(JsonNode status) => Text(status["state"]) switch
    {
        "Finished" or "Terminated" or "Exited" => ExitCode(status) is null or 0 ? KnownResourceStates.Finished : KnownResourceStates.Exited,
        "FailedToStart" => KnownResourceStates.FailedToStart,
        "Running" or "Paused" => KnownResourceStates.Running,
        "Stopping" => KnownResourceStates.Stopping,
        "Starting" or "Pending" or "Building" or "RuntimeUnhealthy" => KnownResourceStates.Starting,
        _ => null,
    };

    private static int? ExitCode(JsonNode status) => status["exitCode"]?.GetValue<int>();

    private static DateTime? Time(JsonNode? value) => value?.GetValue<DateTimeOffset>().UtcDateTime;

    // The names are the dashboard's.
    private static ImmutableArray<PropertySnapshot> Properties(ResourceInstance instance, JsonNode spec, JsonNode status) => instance.Resource is ContainerResource
        ?
        [
            new("container.image", Text(spec["image"])),
            new("container.id", Text(status["containerId"])),
            new("container.command", Text(spec["command"])),
            new("container.args", Arguments(spec), IsSensitive: true),
        ]
        :
        [
            new("project.path", instance.Resource.Annotations.OfType<IProjectMetadata>().Last().ProjectPath),
            new("executable.path", Text(spec["executablePath"])),
            new("executable.workDir", Text(spec["workingDirectory"])),
            new("executable.args", Arguments(spec), IsSensitive: true),
            new("executable.pid", status["pid"]?.ToString()),
        ];

    private static string? Text(JsonNode? value) => value?.GetValue<string>();

    private static string[] Arguments(JsonNode spec) => spec["args"]?.Deserialize<string[]>() ?? [];

    // A process also inherits variables; the dashboard tells them from those that the AppHost gave it.
    private static ImmutableArray<(string Name, string Value, bool IsFromSpec)> Environment(JsonNode? spec, JsonNode? effective)
    {
        var given = Pairs(spec).Select(variable => variable.Name).ToHashSet();
        return [.. Pairs(effective ?? spec).Select(variable => (variable.Name, variable.Value, given.Contains(variable.Name)))];

        static IEnumerable<(string Name, string Value)> Pairs(JsonNode? variables) =>
            variables?.AsArray().Select(variable => (variable!["name"]!.GetValue<string>(), Text(variable["value"]) ?? string.Empty)) ?? [];
    }
}
