namespace OpenClaw.Notifier.Dispatching;

/// <summary>Result of an attempt.</summary>
/// <param name="Error">Null when it was delivered; otherwise the reason, for operators.</param>
/// <param name="IsFinal">Whether a retry would fail again.</param>
/// <param name="RetryAfter">Time after which the receiver asked to retry; null for none.</param>
internal sealed record DeliveryResult(string? Error, bool IsFinal = false, TimeSpan? RetryAfter = null)
{
    public static DeliveryResult Delivered { get; } = new((string?)null);

    public bool IsDelivered => Error is null;

    /// <summary>A failure that a retry may resolve.</summary>
    public static DeliveryResult Failed(string error, TimeSpan? retryAfter = null) => new(error, RetryAfter: retryAfter);

    /// <summary>A failure that a retry would not resolve.</summary>
    public static DeliveryResult Refused(string error) => new(error, IsFinal: true);
}
