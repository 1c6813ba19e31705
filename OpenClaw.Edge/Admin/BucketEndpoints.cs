using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using OpenClaw.Edge.Events;
using OpenClaw.RateLimiting;
using PartitionsResult = Microsoft.AspNetCore.Http.HttpResults.Results<
    Microsoft.AspNetCore.Http.HttpResults.Ok<OpenClaw.Edge.Admin.BucketInspector.PartitionView[]>,
    Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult>;

namespace OpenClaw.Edge.Admin;

/// <summary>Endpoints that show and change buckets. Every change returns the resulting buckets.</summary>
internal static class BucketEndpoints
{
    private static readonly TimeSpan MaxBlock = TimeSpan.FromDays(366);

    public static void MapBuckets(this IEndpointRouteBuilder admin)
    {
        RouteGroupBuilder buckets = admin.MapGroup("/buckets")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        buckets.MapGet("", Inspect).WithSummary("Every bucket of a client or an address: tokens, and when it is full.");
        RouteGroupBuilder changes = buckets.MapGroup("").ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        changes.MapPost("/reset", Reset).WithSummary("Fill the buckets and lift any block.");
        changes.MapPost("/grant", Grant).WithSummary("Put tokens into the buckets, up to their capacity.");
        changes.MapPost("/block", Block).WithSummary("Refuse every request for a time.");
        changes.MapPost("/unblock", Unblock).WithSummary("Lift a block.");
    }

    private static async Task<PartitionsResult> Inspect(
        string? client, string? address, string? partition, string? policy, AddressReader addresses, PartitionFinder finder,
        BucketInspector inspector) =>
        BucketTarget.Read(client, address, partition, policy, addresses, out string error) is not { } target ? BadRequest(error)
            : finder.Find(target, out error) is { } charges ? await View(charges, inspector)
            : NotFound(error);

    private static Task<PartitionsResult> Reset(
        ChangeRequest request, HttpContext context, Change change, IRateLimiterAdmin limiter) =>
        change.ApplyAsync(context, "reset", request, "", Event(EventTypes.Reset),
            charge => limiter.ResetAsync(charge.Policy, charge.Partition));

    private static async Task<PartitionsResult> Grant(
        GrantRequest request, HttpContext context, Change change, IRateLimiterAdmin limiter) =>
        request.Tokens is < 1 or > 1_000_000_000
            ? BadRequest($"tokens is {request.Tokens}; it must be 1 to 1000000000.")
            : await change.ApplyAsync(context, "grant", request, $"{request.Tokens} tokens",
                Event(EventTypes.Granted) with { Tokens = request.Tokens },
                charge => limiter.GrantAsync(charge with { Cost = request.Tokens }));

    private static async Task<PartitionsResult> Block(BlockRequest request, HttpContext context, Change change, IRateLimiterAdmin limiter)
    {
        // NaN is in no range. A positive number below one tick is rounded to 0.
        TimeSpan duration = request.Seconds > 0 && request.Seconds <= MaxBlock.TotalSeconds
            ? TimeSpan.FromSeconds(request.Seconds)
            : TimeSpan.Zero;
        return duration == TimeSpan.Zero
            ? BadRequest(string.Create(CultureInfo.InvariantCulture,
                $"seconds is {request.Seconds}; it must be above 0 and at most {MaxBlock.TotalSeconds}."))
            : await change.ApplyAsync(context, "block", request, $"for {duration}",
                Event(EventTypes.Blocked) with { Seconds = duration.TotalSeconds },
                charge => limiter.BlockAsync(charge.Policy, charge.Partition, duration));
    }

    private static Task<PartitionsResult> Unblock(
        ChangeRequest request, HttpContext context, Change change, IRateLimiterAdmin limiter) =>
        change.ApplyAsync(context, "unblock", request, "", Event(EventTypes.Unblocked),
            charge => limiter.UnblockAsync(charge.Policy, charge.Partition));

    // The time is set when the event is reported.
    private static EdgeEvent Event(string type) => new() { Type = type, Time = default };

    private static async Task<PartitionsResult> View(IReadOnlyList<Charge> charges, BucketInspector inspector)
    {
        List<BucketInspector.PartitionView> views = [];
        foreach (Charge charge in charges)
        {
            views.Add(await inspector.InspectAsync(charge));
        }

        return TypedResults.Ok<BucketInspector.PartitionView[]>([.. views]);
    }

    private static ProblemHttpResult NotFound(string detail) =>
        TypedResults.Problem(statusCode: StatusCodes.Status404NotFound, detail: detail);

    private static ProblemHttpResult BadRequest(string detail) =>
        TypedResults.Problem(statusCode: StatusCodes.Status400BadRequest, detail: detail);

    /// <summary>Finds the buckets of a target, changes them, logs the change and returns the resulting buckets.</summary>
    internal sealed class Change(
        AddressReader addresses, PartitionFinder finder, BucketInspector inspector, AuditLog audit, Operators operators,
        OperatorEvents events)
    {
        public async Task<PartitionsResult> ApplyAsync(
            HttpContext context, string action, IChangeRequest request, string detail, EdgeEvent happened, Func<Charge, Task> change)
        {
            if (BucketTarget.Read(
                request.Client, request.Address, request.Partition, request.Policy, addresses, out string error) is not { } target)
            {
                return BadRequest(error);
            }

            if (Operators.ErrorOf(request.Reason) is { } tooLong)
            {
                return BadRequest(tooLong);
            }

            if (finder.Find(target, out error) is not { } charges)
            {
                return NotFound(error);
            }

            string? reason = Operators.Clean(request.Reason);
            await audit.RecordAsync(context, action, target.ToString, detail, reason, async () =>
            {
                await Task.WhenAll(charges.Select(change));
                return AuditLog.Done;
            });
            string? policy = target.Policy is null ? null : charges[0].Policy.Name;
            events.Report(
                happened with { Policy = policy, Operator = operators.NameOf(context.Request), Reason = reason },
                target.Client, target.Address?.ToString(), target.Partition);
            return await View(charges, inspector);
        }
    }

    /// <summary>The target of a change, and its reason.</summary>
    internal interface IChangeRequest
    {
        string? Client { get; }

        string? Address { get; }

        string? Partition { get; }

        string? Policy { get; }

        string? Reason { get; }
    }

    /// <summary>A request to change buckets.</summary>
    internal sealed record ChangeRequest(
        string? Client = null, string? Address = null, string? Partition = null, string? Policy = null, string? Reason = null)
        : IChangeRequest;

    /// <summary>A request to put tokens into buckets.</summary>
    internal sealed record GrantRequest(
        long Tokens, string? Client = null, string? Address = null, string? Partition = null, string? Policy = null,
        string? Reason = null) : IChangeRequest;

    /// <summary>A request to block a client, an address or a partition.</summary>
    internal sealed record BlockRequest(
        double Seconds, string? Client = null, string? Address = null, string? Partition = null, string? Policy = null,
        string? Reason = null) : IChangeRequest;
}
