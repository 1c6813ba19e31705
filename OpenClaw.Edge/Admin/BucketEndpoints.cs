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
        string? client, string? address, string? partition, string? policy, PartitionFinder finder, BucketInspector inspector)
    {
        BucketTarget target = new(client, address, partition, policy);
        return target.Error is { } malformed ? BadRequest(malformed)
            : finder.Find(target, out string error) is { } charges ? await View(charges, inspector)
            : NotFound(error);
    }

    private static Task<PartitionsResult> Reset(
        ChangeRequest request, HttpContext context, Change change, IRateLimiterAdmin limiter) =>
        change.ApplyAsync(context, "reset", request.Target, "", request.Reason, Event(EventTypes.Reset),
            charge => limiter.ResetAsync(charge.Policy, charge.Partition));

    private static async Task<PartitionsResult> Grant(
        GrantRequest request, HttpContext context, Change change, IRateLimiterAdmin limiter) =>
        request.Tokens is < 1 or > 1_000_000_000
            ? BadRequest($"tokens is {request.Tokens}; it must be 1 to 1000000000.")
            : await change.ApplyAsync(context, "grant", request.Target, $"{request.Tokens} tokens", request.Reason,
                Event(EventTypes.Granted) with { Tokens = request.Tokens },
                charge => limiter.GrantAsync(charge with { Cost = request.Tokens }));

    private static async Task<PartitionsResult> Block(BlockRequest request, HttpContext context, Change change, IRateLimiterAdmin limiter)
    {
        TimeSpan duration = TimeSpan.FromSeconds(Math.Clamp(request.Seconds, -1, TimeSpan.MaxValue.TotalSeconds / 2));
        return duration <= TimeSpan.Zero || duration > MaxBlock
            ? BadRequest($"seconds is {request.Seconds}; it must be above 0 and at most {MaxBlock.TotalSeconds}.")
            : await change.ApplyAsync(context, "block", request.Target, $"for {duration}", request.Reason,
                Event(EventTypes.Blocked) with { Seconds = duration.TotalSeconds },
                charge => limiter.BlockAsync(charge.Policy, charge.Partition, duration));
    }

    private static Task<PartitionsResult> Unblock(
        ChangeRequest request, HttpContext context, Change change, IRateLimiterAdmin limiter) =>
        change.ApplyAsync(context, "unblock", request.Target, "", request.Reason, Event(EventTypes.Unblocked),
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
        PartitionFinder finder, BucketInspector inspector, AuditLog audit, Operators operators, OperatorEvents events)
    {
        public async Task<PartitionsResult> ApplyAsync(
            HttpContext context, string action, BucketTarget target, string detail, string? reason, EdgeEvent happened,
            Func<Charge, Task> change)
        {
            if ((target.Error ?? Operators.ErrorOf(reason)) is { } malformed)
            {
                return BadRequest(malformed);
            }

            if (finder.Find(target, out string error) is not { } charges)
            {
                return NotFound(error);
            }

            reason = Operators.Clean(reason);
            await audit.RecordAsync(context, action, target.ToString, detail, reason, async () =>
            {
                await Task.WhenAll(charges.Select(change));
                return AuditLog.Done;
            });
            string? policy = target.Policy is null ? null : charges[0].Policy.Name;
            events.Report(
                happened with { Policy = policy, Operator = operators.NameOf(context.Request), Reason = reason },
                target.Client, target.Address, target.Partition);
            return await View(charges, inspector);
        }
    }

    /// <summary>A request to change buckets.</summary>
    internal sealed record ChangeRequest(
        string? Client = null, string? Address = null, string? Partition = null, string? Policy = null, string? Reason = null)
    {
        internal BucketTarget Target => new(Client, Address, Partition, Policy);
    }

    /// <summary>A request to put tokens into buckets.</summary>
    internal sealed record GrantRequest(
        long Tokens, string? Client = null, string? Address = null, string? Partition = null, string? Policy = null,
        string? Reason = null)
    {
        internal BucketTarget Target => new(Client, Address, Partition, Policy);
    }

    /// <summary>A request to block a client, an address or a partition.</summary>
    internal sealed record BlockRequest(
        double Seconds, string? Client = null, string? Address = null, string? Partition = null, string? Policy = null,
        string? Reason = null)
    {
        internal BucketTarget Target => new(Client, Address, Partition, Policy);
    }
}
