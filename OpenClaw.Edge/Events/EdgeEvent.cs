using OpenClaw.Edge.Identity;

namespace OpenClaw.Edge.Events;

/// <summary>An event as stored in the stream, except for its id and the number of denials, which Redis adds. Members without a value are
/// omitted.</summary>
internal sealed record EdgeEvent
{
    /// <summary>One of <see cref="EventTypes"/>.</summary>
    public required string Type { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>Id of a known client.</summary>
    public string? Client { get; init; }

    /// <summary>The address, where the buckets belong to an address.</summary>
    public string? Address { get; init; }

    /// <summary>The route, where the buckets belong to a route.</summary>
    public string? Route { get; init; }

    public string? Policy { get; init; }

    public string? Bucket { get; init; }

    public string? Tier { get; init; }

    /// <summary>Percent used.</summary>
    public int? Threshold { get; init; }

    public long? Capacity { get; init; }

    public long? Remaining { get; init; }

    public double? RefillPerSecond { get; init; }

    /// <summary>Time for which the event is not repeated, and within which denials are counted.</summary>
    public double? WindowSeconds { get; init; }

    /// <summary>Duration of a block.</summary>
    public double? Seconds { get; init; }

    /// <summary>Tokens granted.</summary>
    public long? Tokens { get; init; }

    public string? Operator { get; init; }

    public string? Reason { get; init; }

    /// <summary>Version of the rules document.</summary>
    public string? Version { get; init; }

    /// <summary>The replica that reported it.</summary>
    public string? Replica { get; init; }

    /// <summary>The client's contacts at that time.</summary>
    public Contacts? Contacts { get; init; }
}
