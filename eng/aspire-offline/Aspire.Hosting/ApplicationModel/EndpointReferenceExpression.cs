namespace Aspire.Hosting.ApplicationModel;

/// <summary>Stands for a part of an endpoint.</summary>
public sealed class EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property) : IExpressionValue, IValueWithReferences
{
    /// <summary>The endpoint.</summary>
    public EndpointReference Endpoint { get; } = endpointReference;

    /// <summary>The part.</summary>
    public EndpointProperty Property { get; } = property;

    /// <inheritdoc />
    public string ValueExpression => Property == EndpointProperty.HostAndPort
        ? $"{Endpoint.Expression("host")}:{Endpoint.Expression("port")}"
        : Endpoint.Expression(JsonNamingPolicy.CamelCase.ConvertName($"{Property}"));

    IEnumerable<object> IValueWithReferences.References => [Endpoint];

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var endpoint = Endpoint.EndpointAnnotation;
        return ValueTask.FromResult<string?>(Property switch
        {
            EndpointProperty.Host => endpoint.TargetHost,
            EndpointProperty.Port => Endpoint.Port.ToString(CultureInfo.InvariantCulture),
            EndpointProperty.Scheme => endpoint.UriScheme,
            EndpointProperty.HostAndPort => string.Create(CultureInfo.InvariantCulture, $"{endpoint.TargetHost}:{Endpoint.Port}"),
            // The target port. When it was not given, every replica has its own: the orchestrator fills the template in when it starts one.
            _ => endpoint.TargetPort?.ToString(CultureInfo.InvariantCulture) ?? $"{{{{- portForServing \"{DcpObjects.ServiceName(Endpoint.Resource, endpoint)}\" -}}}}",
        });
    }
}
