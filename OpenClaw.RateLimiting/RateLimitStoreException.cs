namespace OpenClaw.RateLimiting;

/// <summary>An operator's change could not be carried out, because Redis did not answer. Decisions never throw it.</summary>
public sealed class RateLimitStoreException : Exception
{
    /// <summary>An error without a cause of its own.</summary>
    public RateLimitStoreException(string message) : base(message) { }

    /// <summary>An error caused by <paramref name="innerException"/>.</summary>
    public RateLimitStoreException(string message, Exception innerException) : base(message, innerException) { }
}
