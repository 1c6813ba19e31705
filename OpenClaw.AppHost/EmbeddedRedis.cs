namespace OpenClaw.AppHost;

/// <summary>The embedded, Redis-compatible server as one resource: the process and its connection string.</summary>
internal sealed class EmbeddedRedis : ProjectResource, IResourceWithConnectionString
{
    /// <summary>Name of the endpoint for Redis clients.</summary>
    public const string EndpointName = "tcp";

    public EmbeddedRedis(string name, ParameterResource password)
        : base(name)
    {
        Password = password;
        var endpoint = new EndpointReference(this, EndpointName);
        ConnectionStringExpression = ReferenceExpression.Create(
            $"{endpoint.Property(EndpointProperty.Host)}:{endpoint.Property(EndpointProperty.Port)},password={password}");
    }

    public ParameterResource Password { get; }

    public ReferenceExpression ConnectionStringExpression { get; }
}
