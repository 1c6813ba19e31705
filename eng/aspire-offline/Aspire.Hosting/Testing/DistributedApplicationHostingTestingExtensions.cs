namespace Aspire.Hosting.Testing;

/// <summary>Reaches the resources of an application that a test runs.</summary>
public static class DistributedApplicationHostingTestingExtensions
{
    /// <summary>Makes a client with an endpoint's address as its base address. It retries nothing.</summary>
    /// <param name="app">The application.</param>
    /// <param name="resourceName">Whose endpoint.</param>
    /// <param name="endpointName">Default: the https or else http endpoint.</param>
    public static HttpClient CreateHttpClient(this DistributedApplication app, string resourceName, string? endpointName = null)
    {
        var client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
        client.BaseAddress = app.GetEndpoint(resourceName, endpointName);
        return client;
    }

    /// <summary>Gets an endpoint's address.</summary>
    /// <param name="app">The application.</param>
    /// <param name="resourceName">Whose endpoint.</param>
    /// <param name="endpointName">Default: the https or else http endpoint.</param>
    public static Uri GetEndpoint(this DistributedApplication app, string resourceName, string? endpointName = null)
    {
        if (Find(app, resourceName) is not IResourceWithEndpoints resource)
        {
            throw new InvalidOperationException($"Resource '{resourceName}' has no endpoints.");
        }

        var reference = (endpointName is null ? new[] { "https", "http" } : [endpointName])
            .Select(name => new EndpointReference(resource, name))
            .FirstOrDefault(endpoint => endpoint.Exists)
            ?? throw new ArgumentException($"Resource '{resourceName}' has no endpoint named '{endpointName ?? "https or http"}'.", nameof(endpointName));
        return new Uri(reference.Url);
    }

    /// <summary>Gets a connection string.</summary>
    public static ValueTask<string?> GetConnectionStringAsync(
        this DistributedApplication app, string resourceName, CancellationToken cancellationToken = default) =>
        Find(app, resourceName) is IResourceWithConnectionString resource
            ? resource.GetConnectionStringAsync(cancellationToken)
            : throw new InvalidOperationException($"Resource '{resourceName}' has no connection string.");

    private static IResource Find(DistributedApplication app, string name) =>
        app.Services.GetRequiredService<DistributedApplicationModel>().Resources
            .FirstOrDefault(resource => string.Equals(resource.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"There is no resource '{name}'.", nameof(name));
}
