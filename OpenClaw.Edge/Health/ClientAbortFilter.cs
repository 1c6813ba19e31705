namespace OpenClaw.Edge.Health;

/// <summary>Filters out the errors that Kestrel logs when a client aborts a request. Kestrel's other messages are kept, such as late
/// heartbeats.</summary>
/// <param name="inner">Creates the loggers.</param>
internal sealed class ClientAbortFilter(LoggerFactory inner) : ILoggerFactory
{
    private const string Category = "Microsoft.AspNetCore.Server.Kestrel";
    private const string ApplicationError = nameof(ApplicationError);

    // The proxy still reads the body of a client that has disconnected.
    private const string UnfinishedRead = "RequestBodyDrainBodyReaderInvalidState";

    public ILogger CreateLogger(string categoryName) => categoryName == Category
        ? new Filter(inner.CreateLogger(categoryName))
        : inner.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose()
    {
        // The inner factory belongs to the container.
    }

    // Exceptions of broken connections and bodies: BadHttpRequestException and ConnectionResetException derive from IOException,
    // ConnectionAbortedException from OperationCanceledException.
    private static bool IsClientAbort(Exception? exception) => exception switch
    {
        AggregateException several => several.InnerExceptions.All(IsClientAbort),
        _ => exception is IOException or OperationCanceledException,
    };

    private sealed class Filter(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name != UnfinishedRead && (eventId.Name != ApplicationError || !IsClientAbort(exception)))
            {
                inner.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
