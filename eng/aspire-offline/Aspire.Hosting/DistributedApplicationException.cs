namespace Aspire.Hosting;

/// <summary>The application cannot be made or run as described.</summary>
public class DistributedApplicationException : Exception
{
    /// <summary>Says why.</summary>
    public DistributedApplicationException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, and what led to it.</summary>
    public DistributedApplicationException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
