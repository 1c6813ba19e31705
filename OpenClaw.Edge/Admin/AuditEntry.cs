namespace OpenClaw.Edge.Admin;

/// <summary>A change that an operator made or tried to make.</summary>
/// <param name="At">Time of the change.</param>
/// <param name="Operator">Name of the operator.</param>
/// <param name="Action">The kind of change.</param>
/// <param name="Target">What was changed.</param>
/// <param name="Outcome"><see cref="AuditLog.Done"/>, or why nothing was changed.</param>
internal sealed record AuditEntry(DateTimeOffset At, string Operator, string Action, string Target, string Outcome)
{
    /// <summary>Id in the stream; empty until the entry is appended.</summary>
    public string StreamId { get; init; } = "";

    /// <summary>Amount or duration.</summary>
    public string? Detail { get; init; }

    /// <summary>The reason that the operator gave.</summary>
    public string? Reason { get; init; }

    /// <summary>Address of the operator.</summary>
    public string? Address { get; init; }
}
