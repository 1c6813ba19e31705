namespace Aspire.Hosting.ApplicationModel;

/// <summary>Stands for an endpoint's URL.</summary>
/// <param name="owner">Who has the endpoint.</param>
/// <param name="endpointName">The endpoint's name; it may be added later.</param>
public sealed class EndpointReference(IResourceWithEndpoints owner, string endpointName) : IExpressionValue, IValueWithReferences
{
    /// <summary>Who has the endpoint.</summary>
    public IResourceWithEndpoints Resource { get; } = owner;

    /// <summary>The endpoint's name.</summary>
    public string EndpointName { get; } = endpointName;

    /// <summary>The endpoint.</summary>
    /// <exception cref="InvalidOperationException">The resource has no such endpoint.</exception>
    internal EndpointAnnotation EndpointAnnotation => Find()
        ?? throw new InvalidOperationException($"Resource '{Resource.Name}' has no endpoint named '{EndpointName}'.");

    /// <summary>Whether the resource has the endpoint.</summary>
    public bool Exists => Find() is not null;

    /// <summary>The port to connect to.</summary>
    /// <exception cref="InvalidOperationException">Not known yet.</exception>
    public int Port => EndpointAnnotation.AllocatedPort
        ?? throw new InvalidOperationException($"The endpoint '{EndpointName}' of resource '{Resource.Name}' is not allocated yet: the application has not started.");

    /// <summary><c>scheme://host:port</c>.</summary>
    public string Url => string.Create(CultureInfo.InvariantCulture, $"{EndpointAnnotation.UriScheme}://{EndpointAnnotation.TargetHost}:{Port}");

    string IManifestExpressionProvider.ValueExpression => Expression("url");

    IEnumerable<object> IValueWithReferences.References => [Resource];

    /// <summary>Stands for a part of the endpoint.</summary>
    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult<string?>(Url);

    internal string Expression(string property) => $"{{{Resource.Name}.bindings.{EndpointName}.{property}}}";

    private EndpointAnnotation? Find() => Resource.Annotations.OfType<EndpointAnnotation>()
        .FirstOrDefault(endpoint => string.Equals(endpoint.Name, EndpointName, StringComparison.OrdinalIgnoreCase));
}
