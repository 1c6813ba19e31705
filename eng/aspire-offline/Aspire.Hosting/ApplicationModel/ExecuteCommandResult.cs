namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a command on a resource led to.</summary>
public sealed class ExecuteCommandResult
{
    /// <summary>Whether it did what it says.</summary>
    public required bool Success { get; init; }

    /// <summary>What went wrong.</summary>
    public string? Message { get; init; }
}
