namespace OpenClaw.Edge.Admin;

/// <summary>One line for every change that an operator made or tried to make.</summary>
internal sealed class AuditLog(ILogger<AuditLog> logger)
{
    /// <summary>Carries a change out and writes down how it went.</summary>
    public async Task RecordAsync(HttpContext context, string action, string target, string detail, Func<Task> change)
    {
        try
        {
            await change();
            Log.Audit(logger, action, target, detail, context.Connection.RemoteIpAddress, "done");
        }
        catch (Exception exception)
        {
            Log.Audit(logger, action, target, detail, context.Connection.RemoteIpAddress, $"failed, {exception.Message}");
            throw;
        }
    }
}
