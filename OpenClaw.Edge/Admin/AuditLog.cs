namespace OpenClaw.Edge.Admin;

/// <summary>Logs one line for every change that an operator made or tried to make.</summary>
internal sealed class AuditLog(ILogger<AuditLog> logger)
{
    public const string Done = "done";

    /// <summary>Makes a change and logs its outcome.</summary>
    /// <param name="context">The operator's request.</param>
    /// <param name="action">The kind of change.</param>
    /// <param name="target">Names what is changed. Called after the change.</param>
    /// <param name="detail">Amount or duration; may be empty.</param>
    /// <param name="change">Makes the change. Returns <see cref="Done"/>, or why nothing was changed.</param>
    public async Task RecordAsync(HttpContext context, string action, Func<string> target, string detail, Func<Task<string>> change)
    {
        string outcome = "failed";
        try
        {
            outcome = await change();
        }
        catch (Exception exception)
        {
            outcome = $"failed, {AdminErrors.Describe(exception)}";
            throw;
        }
        finally
        {
            Log.Audit(logger, action, Spaced(target()), Spaced(detail), context.Connection.RemoteIpAddress, outcome);
        }
    }

    private static string Spaced(string text) => text.Length == 0 ? "" : " " + text;
}
