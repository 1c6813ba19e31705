namespace OpenClaw.Console.Edge.Model;

/// <summary>Dead letters: <c>GET /deliveries/failed</c>.</summary>
public sealed record FailedDeliveries(IReadOnlyList<FailedDeliveries.Entry> Failed)
{
    /// <summary>One message that could not be delivered.</summary>
    public sealed record Entry(
        string StreamId, string Id, string Channel, string To, string? Error, int Attempts, DateTimeOffset At, EdgeEvent? Event);
}
