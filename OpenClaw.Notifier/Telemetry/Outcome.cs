namespace OpenClaw.Notifier.Telemetry;

/// <summary>How attempts end, in metrics and spans.</summary>
internal static class Outcome
{
    public const string Delivered = "delivered";

    /// <summary>It is repeated.</summary>
    public const string Failed = "failed";

    /// <summary>It became a dead letter.</summary>
    public const string Dead = "dead";
}
