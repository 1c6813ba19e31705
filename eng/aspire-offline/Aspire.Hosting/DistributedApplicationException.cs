namespace Aspire.Hosting;

/// <summary>The application cannot be made or run as described.</summary>
/// <param name="message">Why.</param>
/// <param name="inner">What led to it.</param>
public class DistributedApplicationException(string message, Exception? inner = null) : Exception(message, inner);
