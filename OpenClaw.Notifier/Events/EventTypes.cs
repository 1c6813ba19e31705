namespace OpenClaw.Notifier.Events;

/// <summary>Types of events.</summary>
internal static class EventTypes
{
    public static IReadOnlyList<string> All { get; } =
    [
        "client.blocked", "client.denied", "client.granted", "client.reset", "client.threshold", "client.unblocked",
        "rules.changed", "store.lost", "store.restored",
    ];
}
