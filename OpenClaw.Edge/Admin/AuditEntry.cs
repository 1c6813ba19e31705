namespace OpenClaw.Edge.Admin;

/// <summary>A change that an operator made or tried to make.</summary>
/// <param name="At">When.</param>
/// <param name="Operator">Who.</param>
/// <param name="Action">The kind of change.</param>
/// <param name="Target">What was changed.</param>
/// <param name="Outcome"><see cref="AuditLog.Done"/>, or why nothing was changed.</param>
internal sealed record AuditEntry(DateTimeOffset At, string Operator, string Action, string Target, string Outcome)
{
    /// <summary>Id in the stream; empty before it is there.</summary>
    public string StreamId { get; init; } = "";

    /// <summary>Amount or duration.</summary>
    public string? Detail { get; init; }

    /// <summary>Why, in the operator's words.</summary>
    public string? Reason { get; init; }

    /// <summary>The address that the request came from.</summary>
    public string? Address { get; init; }
}
