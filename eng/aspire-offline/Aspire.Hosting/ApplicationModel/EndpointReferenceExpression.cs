namespace Aspire.Hosting.ApplicationModel;

/// <summary>Stands for a part of an endpoint.</summary>
public sealed class EndpointReferenceExpression : IExpressionValue, IValueWithReferences
{
    /// <summary>Refers to a part of an endpoint.</summary>
    public EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property)
    {
        Endpoint = endpointReference;
        Property = property;
    }

    /// <summary>The endpoint.</summary>
    public EndpointReference Endpoint { get; }

    /// <summary>The part.</summary>
    public EndpointProperty Property { get; }

    /// <inheritdoc />
    public string ValueExpression => Property switch
    {
        EndpointProperty.Host => Endpoint.Expression("host"),
        EndpointProperty.Port => Endpoint.Expression("port"),
        EndpointProperty.Scheme => Endpoint.Expression("scheme"),
        EndpointProperty.TargetPort => Endpoint.Expression("targetPort"),
        EndpointProperty.HostAndPort => $"{Endpoint.Expression("host")}:{Endpoint.Expression("port")}",
        _ => throw new InvalidOperationException($"The endpoint property {Property} is not known."),
    };

    IEnumerable<object> IValueWithReferences.References => [Endpoint];

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult<string?>(Property switch
    {
        EndpointProperty.Host => Endpoint.Host,
        EndpointProperty.Port => Endpoint.Port.ToString(CultureInfo.InvariantCulture),
        EndpointProperty.Scheme => Endpoint.Scheme,
        EndpointProperty.HostAndPort => string.Create(CultureInfo.InvariantCulture, $"{Endpoint.Host}:{Endpoint.Port}"),
        // When it was not given, every replica has its own: the orchestrator fills the template in when it starts one.
        EndpointProperty.TargetPort => Endpoint.TargetPort?.ToString(CultureInfo.InvariantCulture)
            ?? $"{{{{- portForServing \"{DcpObjects.ServiceName(Endpoint.Resource, Endpoint.EndpointAnnotation)}\" -}}}}",
        _ => throw new InvalidOperationException($"The endpoint property {Property} is not known."),
    });
}
