namespace Aspire.Hosting.Bundle;

internal sealed class BundleLocator : IBundleLocator
{
    public Task<AspireBundle> EnsureAsync(CancellationToken cancellationToken)
    {
        var bundle = Environment.GetEnvironmentVariable("ASPIRE_BUNDLE_PATH")
            ?? throw new DistributedApplicationException("Set ASPIRE_BUNDLE_PATH to an unpacked Aspire bundle.");
        return Task.FromResult(new AspireBundle(Path.Combine(bundle, "dcp", "dcp"), Path.Combine(bundle, "managed", "aspire-managed")));
    }
}
