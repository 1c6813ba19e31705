namespace Aspire.Hosting;

/// <summary>A connection string made of other resources' values.</summary>
public sealed class ConnectionStringResource : Resource, IResourceWithConnectionString, IResourceWithWaitSupport
{
    /// <param name="name">The resource's name.</param>
    /// <param name="connectionStringExpression">The connection string.</param>
    public ConnectionStringResource(string name, ReferenceExpression connectionStringExpression)
        : base(name)
    {
        ConnectionStringExpression = connectionStringExpression;
    }

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression { get; }
}
