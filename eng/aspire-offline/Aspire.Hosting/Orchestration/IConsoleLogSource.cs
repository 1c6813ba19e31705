namespace Aspire.Hosting.Orchestration;

/// <summary>Gives what processes and containers print.</summary>
internal interface IConsoleLogSource
{
    /// <summary>Reads the lines of one instance, each starting with its time.</summary>
    /// <param name="resourceId">The instance.</param>
    /// <param name="follow">Whether to wait for more after the last one.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    IAsyncEnumerable<(string Text, bool IsError)> ReadAsync(string resourceId, bool follow, CancellationToken cancellationToken);
}
