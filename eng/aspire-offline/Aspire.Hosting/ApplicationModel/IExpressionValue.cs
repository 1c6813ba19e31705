namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value with both forms: one for running, one for the manifest.</summary>
public interface IExpressionValue : IValueProvider, IManifestExpressionProvider;
