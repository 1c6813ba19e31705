namespace OpenClaw.Notifier.Telemetry;

/// <summary>Outcomes of attempts in metrics and spans.</summary>
internal static class Outcome
{
    public const string Delivered = "delivered";

    /// <summary>The attempt is repeated.</summary>
    public const string Failed = "failed";

    /// <summary>The delivery became a dead letter.</summary>
    public const string Dead = "dead";
}
