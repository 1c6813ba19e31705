namespace Aspire.Hosting.ApplicationModel;

/// <summary>The states of resources.</summary>
public static class KnownResourceStates
{
    /// <summary>Waiting for other resources.</summary>
    public static readonly string Waiting = nameof(Waiting);

    /// <summary>Being started.</summary>
    public static readonly string Starting = nameof(Starting);

    /// <summary>Could not be started.</summary>
    public static readonly string FailedToStart = nameof(FailedToStart);

    /// <summary>Running; not necessarily healthy.</summary>
    public static readonly string Running = nameof(Running);

    /// <summary>Being stopped.</summary>
    public static readonly string Stopping = nameof(Stopping);

    /// <summary>Ended without error.</summary>
    public static readonly string Finished = nameof(Finished);

    /// <summary>Ended with an error.</summary>
    public static readonly string Exited = nameof(Exited);

    /// <summary>The states that a resource does not leave by itself.</summary>
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}
