namespace OpenClaw.Edge.Admin;

/// <summary>Records every change that an operator made or tried to make: one line in the log, and one entry in the audit trail.</summary>
internal sealed class AuditLog(AuditTrail trail, Operators operators, TimeProvider time, ILogger<AuditLog> logger)
{
    public const string Done = "done";

    /// <summary>Makes a change and records its outcome.</summary>
    /// <param name="context">The operator's request.</param>
    /// <param name="action">The kind of change.</param>
    /// <param name="target">Describes what is changed. Called after the change.</param>
    /// <param name="detail">Amount or duration; may be empty.</param>
    /// <param name="reason">The reason that the operator gave; null for none.</param>
    /// <param name="change">Makes the change. Returns <see cref="Done"/>, or why nothing was changed.</param>
    public async Task RecordAsync(
        HttpContext context, string action, Func<string> target, string detail, string? reason, Func<Task<string>> change)
    {
        string outcome = "failed";
        try
        {
            outcome = await change();
        }
        catch (Exception exception)
        {
            outcome = $"failed, {AdminErrors.Describe(exception).TrimEnd('.')}";
            throw;
        }
        finally
        {
            string name = operators.NameOf(context.Request);
            Log.Audit(
                logger, action, Spaced(target()), Spaced(detail), name, context.Connection.RemoteIpAddress,
                reason is null ? "" : $" ({reason})", outcome);
            await trail.AddAsync(new AuditEntry(time.GetUtcNow(), name, action, target(), outcome)
            {
                Detail = detail.Length == 0 ? null : detail.Trim(),
                Reason = reason,
                Address = context.Connection.RemoteIpAddress?.ToString(),
            });
        }
    }

    private static string Spaced(string text) => text.Length == 0 ? "" : " " + text;
}
