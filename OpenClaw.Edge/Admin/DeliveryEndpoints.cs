using Microsoft.AspNetCore.Http.HttpResults;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Events;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Admin;

/// <summary>Endpoints for deliveries that the notifier has given up.</summary>
internal static class DeliveryEndpoints
{
    private const int MaxCount = 500;

    public static void MapDeliveries(this IEndpointRouteBuilder admin)
    {
        RouteGroupBuilder failed = admin.MapGroup("/deliveries/failed")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        failed.MapGet("", List).WithSummary("Deliveries that failed for good, the newest first.");
        failed.MapPost("/{streamId}/retry", Retry).WithSummary("Let the notifier retry a delivery.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        failed.MapPost("/{streamId}/discard", Discard).WithSummary("Delete a failed delivery.")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<FailedList>, ProblemHttpResult>> List(EventReader reader, int count = 50) =>
        count is < 1 or > MaxCount
            ? Problem(StatusCodes.Status400BadRequest, $"count is {count}; it must be 1 to {MaxCount}.")
            : TypedResults.Ok(new FailedList(await reader.ReadFailedAsync(count)));

    private static Task<Results<NoContent, ProblemHttpResult>> Retry(
        string streamId, string? reason, HttpContext context, AuditLog audit, FailedDeliveries failed) =>
        ChangeAsync(streamId, reason, "retry", context, audit, failed.RetryAsync);

    private static Task<Results<NoContent, ProblemHttpResult>> Discard(
        string streamId, string? reason, HttpContext context, AuditLog audit, FailedDeliveries failed) =>
        ChangeAsync(streamId, reason, "discard", context, audit, failed.DiscardAsync);

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangeAsync(
        string streamId, string? reason, string action, HttpContext context, AuditLog audit, Func<StreamEntryId, Task<bool>> change)
    {
        if (!StreamEntryId.TryParse(streamId, out StreamEntryId position))
        {
            return Problem(StatusCodes.Status400BadRequest,
                $"'{SettingText.Shown(streamId)}' is not an id from GET /deliveries/failed, such as 1700000000000-0.");
        }

        if (Operators.ErrorOf(reason) is { } error)
        {
            return Problem(StatusCodes.Status400BadRequest, error);
        }

        bool isDone = false;
        await audit.RecordAsync(context, action, () => $"delivery {position}", "", Operators.Clean(reason), async () =>
        {
            isDone = await change(position);
            return isDone ? AuditLog.Done : "refused, there is no such delivery";
        });
        return isDone
            ? TypedResults.NoContent()
            : Problem(StatusCodes.Status404NotFound, $"There is no failed delivery {position}.");
    }

    private static ProblemHttpResult Problem(int status, string detail) => TypedResults.Problem(statusCode: status, detail: detail);

    /// <summary>Deliveries that failed for good.</summary>
    internal sealed record FailedList(IReadOnlyList<FailedDelivery> Failed);
}
