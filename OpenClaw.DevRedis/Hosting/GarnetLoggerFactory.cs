namespace OpenClaw.DevRedis.Hosting;

/// <summary>Puts Garnet's categories, which have bare names such as StoreWrapper, under <c>Garnet.</c>, so that one setting filters
/// them.</summary>
internal sealed class GarnetLoggerFactory(ILoggerFactory inner) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => inner.CreateLogger("Garnet." + categoryName);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose()
    {
        // The host owns the inner factory.
    }
}
