namespace OpenClaw.Notifier.Dispatching;

/// <summary>How an attempt ended.</summary>
/// <param name="Error">Null when it was delivered; else why not, for operators.</param>
/// <param name="IsFinal">Whether repeating is pointless.</param>
/// <param name="RetryAfter">How long the receiver asked to wait; null: it did not.</param>
internal sealed record DeliveryResult(string? Error, bool IsFinal = false, TimeSpan? RetryAfter = null)
{
    public static DeliveryResult Delivered { get; } = new((string?)null);

    public bool IsDelivered => Error is null;

    /// <summary>It failed, and may succeed later.</summary>
    public static DeliveryResult Failed(string error, TimeSpan? retryAfter = null) => new(error, RetryAfter: retryAfter);

    /// <summary>It failed, and would fail again.</summary>
    public static DeliveryResult Refused(string error) => new(error, IsFinal: true);
}
