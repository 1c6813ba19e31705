using Aspire.Hosting.Dashboard.Protocol;
using Google.Protobuf.WellKnownTypes;

namespace Aspire.Hosting.Dashboard;

/// <summary>Puts a snapshot into the dashboard's words.</summary>
internal static class ResourceMessage
{
    public static Protocol.Resource From(ResourceEvent change)
    {
        var snapshot = change.Snapshot;
        var message = new Protocol.Resource
        {
            Name = change.ResourceId,
            Uid = change.ResourceId,
            DisplayName = change.Resource.Name,
            ResourceType = snapshot.ResourceType,
            CreatedAt = Time(snapshot.CreationTimeStamp),
            StartedAt = Time(snapshot.StartTimeStamp),
            StoppedAt = Time(snapshot.StopTimeStamp),
            Environment = { snapshot.EnvironmentVariables.Select(Variable) },
            Properties = { snapshot.Properties.Where(property => property.Value is not null).Select(Property) },
            Urls = { snapshot.Urls.Select(url => Url(url, isInactive: snapshot.State?.Text != KnownResourceStates.Running)) },
            HealthReports = { snapshot.HealthReports.Select(Report) },
            Relationships = { snapshot.Relationships.Select(relation => new ResourceRelationship { ResourceName = relation.ResourceName, Type = relation.Type }) },
            Commands = { Commands(snapshot) },
        };
        if (snapshot.State is { } state)
        {
            message.State = state.Text;
        }

        if (snapshot.ExitCode is { } exitCode)
        {
            message.Properties.Add(Property(new PropertySnapshot("resource.exitCode", exitCode.ToString(CultureInfo.InvariantCulture))));
        }

        return message;
    }

    private static IEnumerable<ResourceCommand> Commands(CustomResourceSnapshot snapshot)
    {
        if (snapshot.ResourceType is not ("Project" or "Container"))
        {
            return [];
        }

        var state = snapshot.State?.Text;
        var isOver = state is null || KnownResourceStates.TerminalStates.Contains(state);
        var isRunning = state == KnownResourceStates.Running;
        return
        [
            Command(KnownResourceCommands.StartCommand, "Start", "Play", isHighlighted: true, isOver, otherwise: isRunning ? ResourceCommandState.Hidden : ResourceCommandState.Disabled),
            Command(KnownResourceCommands.StopCommand, "Stop", "Stop", isHighlighted: true, isRunning, otherwise: isOver ? ResourceCommandState.Hidden : ResourceCommandState.Disabled),
            Command(KnownResourceCommands.RestartCommand, "Restart", "ArrowCounterclockwise", isHighlighted: false, isRunning, otherwise: ResourceCommandState.Disabled),
        ];
    }

    private static ResourceCommand Command(string name, string displayName, string icon, bool isHighlighted, bool isEnabled, ResourceCommandState otherwise) => new()
    {
        Name = name,
        DisplayName = displayName,
        IconName = icon,
        IsHighlighted = isHighlighted,
        State = isEnabled ? ResourceCommandState.Enabled : otherwise,
    };

    private static EnvironmentVariable Variable((string Name, string Value, bool IsFromSpec) variable) =>
        new() { Name = variable.Name, Value = variable.Value, IsFromSpec = variable.IsFromSpec };

    private static ResourceProperty Property(PropertySnapshot property) => new()
    {
        Name = property.Name,
        IsSensitive = property.IsSensitive,
        Value = property.Value is IEnumerable<string> values
            ? Value.ForList([.. values.Select(Value.ForString)])
            : Value.ForString(Convert.ToString(property.Value, CultureInfo.InvariantCulture)),
    };

    private static Url Url((string EndpointName, string Url) url, bool isInactive) => new()
    {
        EndpointName = url.EndpointName,
        FullUrl = url.Url,
        IsInactive = isInactive,
        DisplayProperties = new(),
    };

    private static HealthReport Report(HealthReportSnapshot report)
    {
        var message = new HealthReport { Key = report.Name, Description = report.Description ?? string.Empty, Exception = report.ExceptionText ?? string.Empty };
        if (report.Status is { } status)
        {
            message.Status = System.Enum.Parse<HealthStatus>($"{status}");
        }

        return message;
    }

    private static Timestamp? Time(DateTime? time) => time is { } known ? Timestamp.FromDateTime(known.ToUniversalTime()) : null;
}
