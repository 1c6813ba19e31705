namespace OpenClaw.Edge.Admin;

/// <summary>One line for every change that an operator made or tried to make.</summary>
internal sealed class AuditLog(ILogger<AuditLog> logger)
{
    public const string Done = "done";

    /// <summary>Carries a change out and writes down how it went.</summary>
    /// <param name="context">Who wants it.</param>
    /// <param name="action">What is done.</param>
    /// <param name="target">To whom or what, asked for afterwards.</param>
    /// <param name="detail">How much, how long.</param>
    /// <param name="change">Does it and returns the outcome: <see cref="Done"/>, or why nothing was changed.</param>
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
