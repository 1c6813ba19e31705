using Microsoft.AspNetCore.Http.HttpResults;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Events;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Admin;

/// <summary>The endpoint of the audit trail.</summary>
internal static class AuditEndpoints
{
    private const int MaxCount = 500;

    public static void MapAudit(this IEndpointRouteBuilder admin) =>
        admin.MapGet("/audit", List).WithSummary("Changes made through this API, the newest first.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<Ok<AuditList>, ProblemHttpResult>> List(AuditTrail trail, string? before, int count = 50)
    {
        StreamEntryId position = default;
        string? error = count is < 1 or > MaxCount ? $"count is {count}; it must be 1 to {MaxCount}."
            : !string.IsNullOrEmpty(before) && !StreamEntryId.TryParse(before, out position)
                ? $"before is '{SettingText.Shown(before)}'; it must be an id from this endpoint, such as 1700000000000-0."
            : null;
        if (error is not null)
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status400BadRequest, detail: error);
        }

        IReadOnlyList<AuditEntry> entries = await trail.ReadAsync(string.IsNullOrEmpty(before) ? null : position, count);
        return TypedResults.Ok(new AuditList(entries, entries.Count == count ? entries[^1].StreamId : null));
    }

    /// <summary>Changes, and the id before which to continue; null at the end.</summary>
    internal sealed record AuditList(IReadOnlyList<AuditEntry> Entries, string? Before);
}
