using Microsoft.AspNetCore.Http.HttpResults;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Rules;
using OpenClaw.Edge.Usage;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Admin;

/// <summary>Endpoints that show what all replicas decide.</summary>
internal static class UsageEndpoints
{
    private const int MaxClients = 200;

    // Replicas report once a second. A reader of the stream gets a report at most half a second later.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    public static void MapUsage(this IEndpointRouteBuilder admin)
    {
        RouteGroupBuilder usage = admin.MapGroup("/usage");
        usage.MapGet("", Get).WithSummary("Replicas, and decisions by policy and by source.");
        usage.MapGet("/history", History).WithSummary("Decisions by policy in the last 15 minutes, in steps of ten seconds.")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        usage.MapGet("/top", Top).WithSummary("The clients with the most denials or admissions in the last minute or hour.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        usage.MapGet("/stream", Stream).WithSummary("The same as GET /usage twice a second, as server-sent events.")
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Ok<FleetReport>> Get(FleetUsage usage) => TypedResults.Ok(await usage.ReadAsync());

    private static async Task<Ok<FleetHistory>> History(FleetUsage usage) => TypedResults.Ok(await usage.ReadHistoryAsync());

    private static async Task<Results<Ok<TopList>, ProblemHttpResult>> Top(
        FleetUsage usage, EdgeRulesStore rules, string? policy, string by = "denied", string window = "minute", int count = 20)
    {
        string? error = by is not ("denied" or "admitted") ? $"by is '{SettingText.Shown(by)}'; it must be denied or admitted."
            : window is not ("minute" or "hour") ? $"window is '{SettingText.Shown(window)}'; it must be minute or hour."
            : count is < 1 or > MaxClients ? $"count is {count}; it must be 1 to {MaxClients}."
            : null;
        if (error is not null)
        {
            return TypedResults.Problem(statusCode: StatusCodes.Status400BadRequest, detail: error);
        }

        // A policy that was removed may have decided within the hour.
        string? name = string.IsNullOrEmpty(policy) ? null
            : rules.Current.PoliciesByName.GetValueOrDefault(policy)?.Name ?? policy.ToLowerInvariant();
        return TypedResults.Ok(new TopList(by, window, await usage.ReadTopAsync(name, by == "denied", window == "hour", count)));
    }

    private static Task Stream(HttpContext context, ServerSentEvents streams, FleetUsage usage, TimeProvider time) =>
        streams.RunAsync(context, async (writer, cancellationToken) =>
        {
            using PeriodicTimer timer = new(Interval, time);
            do
            {
                await writer.WriteAsync("usage", await usage.ReadAsync(), id: null, cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        });

    /// <summary>The clients with the most decisions.</summary>
    internal sealed record TopList(string By, string Window, IReadOnlyList<FleetTopClient> Clients);
}
