namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value that is known only when the application runs.</summary>
public interface IValueProvider
{
    /// <summary>Gets the value.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}
