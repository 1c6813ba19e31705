namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a wait does when what it waits for has ended.</summary>
public enum WaitBehavior
{
    /// <summary>Goes on: somebody may start it again.</summary>
    WaitOnResourceUnavailable,

    /// <summary>Fails.</summary>
    StopOnResourceUnavailable,
}
