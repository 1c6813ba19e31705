namespace Aspire.Hosting.ApplicationModel;

/// <summary>A connection string that configuration gives, for something that runs elsewhere.</summary>
internal sealed class ConnectionStringParameterResource : ParameterResource, IResourceWithConnectionString
{
    public ConnectionStringParameterResource(string name, Func<string> getValue)
        : base(name, _ => getValue(), secret: true)
    {
        IsConnectionString = true;
    }

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{this}");

    string IManifestExpressionProvider.ValueExpression => ValueExpression;

    IEnumerable<object> IValueWithReferences.References => [];

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) => GetValueAsync(cancellationToken);
}
