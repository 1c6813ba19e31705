namespace OpenClaw.RateLimiting;

/// <summary>Redis did not answer an operator's change in time. Decisions never throw it.</summary>
public sealed class RateLimitStoreException : Exception
{
    /// <summary>Creates an exception without a cause.</summary>
    public RateLimitStoreException(string message) : base(message) { }

    /// <summary>Creates an exception caused by <paramref name="innerException"/>.</summary>
    public RateLimitStoreException(string message, Exception innerException) : base(message, innerException) { }
}
