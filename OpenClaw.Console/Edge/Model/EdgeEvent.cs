namespace OpenClaw.Console.Edge.Model;

/// <summary>An event.</summary>
public sealed record EdgeEvent(
    string Id, string Type, DateTimeOffset Time, string? Client, string? Address, string? Policy, string? Bucket, string? Tier,
    int? Threshold, long? Capacity, long? Remaining, double? RefillPerSecond, long? Denials, double? WindowSeconds, double? Seconds,
    long? Tokens, string? Operator, string? Reason, string? Version, string? Replica, EventContacts? Contacts);
