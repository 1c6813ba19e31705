using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What is known of one instance of a resource at one moment.</summary>
public sealed record CustomResourceSnapshot
{
    /// <summary>Project, Container, Parameter or ConnectionString.</summary>
    public required string ResourceType { get; init; }

    /// <summary>When it was created.</summary>
    public DateTime? CreationTimeStamp { get; init; }

    /// <summary>When it was started last.</summary>
    public DateTime? StartTimeStamp { get; init; }

    /// <summary>When it ended last.</summary>
    public DateTime? StopTimeStamp { get; init; }

    /// <summary>The state; null before there is one.</summary>
    public ResourceStateSnapshot? State { get; init; }

    /// <summary>The exit code of a process that ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The worst answer of the health checks: null when not running, unhealthy until each was asked, healthy when there are none.</summary>
    public HealthStatus? HealthStatus =>
        State?.Text != KnownResourceStates.Running ? null
        : HealthReports.IsEmpty ? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy
        : HealthReports.Min(report => report.Status ?? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy);

    /// <summary>The last answers of the health checks.</summary>
    public ImmutableArray<HealthReportSnapshot> HealthReports { get; internal init; } = [];

    // What only the dashboard shows.
    internal ImmutableArray<PropertySnapshot> Properties { get; init; } = [];

    internal ImmutableArray<(string Name, string Value, bool IsFromSpec)> EnvironmentVariables { get; init; } = [];

    internal ImmutableArray<(string EndpointName, string Url)> Urls { get; init; } = [];

    internal ImmutableArray<(string ResourceName, string Type)> Relationships { get; init; } = [];
}

/// <summary>A named fact that the dashboard shows. The names are the dashboard's own, such as <c>executable.pid</c>.</summary>
internal sealed record PropertySnapshot(string Name, object? Value, bool IsSensitive = false);
