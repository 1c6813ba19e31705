namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a callback needs that sets command line arguments.</summary>
public sealed class CommandLineArgsCallbackContext
{
    /// <summary>Starts with the given arguments.</summary>
    public CommandLineArgsCallbackContext(IList<object> args, IResource resource, CancellationToken cancellationToken = default)
    {
        Args = args;
        Resource = resource;
        CancellationToken = cancellationToken;
    }

    /// <summary>The arguments: strings or <see cref="IValueProvider"/>s.</summary>
    public IList<object> Args { get; }

    /// <summary>Fires when the application stops.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>Whether this is a run or a publish.</summary>
    public required DistributedApplicationExecutionContext ExecutionContext { get; set; }

    /// <summary>The resource that gets the arguments.</summary>
    public IResource Resource { get; }
}
