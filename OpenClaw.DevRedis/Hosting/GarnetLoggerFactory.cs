namespace OpenClaw.DevRedis.Hosting;

/// <summary>Prefixes Garnet's log categories, such as StoreWrapper, with <c>Garnet.</c>, so that one setting filters them all.</summary>
internal sealed class GarnetLoggerFactory(ILoggerFactory inner) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => inner.CreateLogger("Garnet." + categoryName);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose()
    {
        // The host owns the inner factory.
    }
}
