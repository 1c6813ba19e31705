using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a callback needs that sets environment variables.</summary>
public sealed class EnvironmentCallbackContext
{
    /// <summary>Starts with the given variables.</summary>
    public EnvironmentCallbackContext(
        DistributedApplicationExecutionContext executionContext,
        IResource resource,
        Dictionary<string, object>? environmentVariables = null,
        CancellationToken cancellationToken = default)
    {
        ExecutionContext = executionContext;
        Resource = resource;
        EnvironmentVariables = environmentVariables ?? [];
        CancellationToken = cancellationToken;
    }

    /// <summary>Name to value: a string, or an <see cref="IValueProvider"/>.</summary>
    public Dictionary<string, object> EnvironmentVariables { get; }

    /// <summary>Fires when the application stops.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The logger of the resource.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>The resource that gets the variables.</summary>
    public IResource Resource { get; }

    /// <summary>Whether this is a run or a publish.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; }
}
