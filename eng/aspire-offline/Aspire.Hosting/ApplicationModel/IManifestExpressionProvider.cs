namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that the manifest names by an expression, such as <c>{redis.connectionString}</c>.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The expression, with its braces.</summary>
    string ValueExpression { get; }
}
