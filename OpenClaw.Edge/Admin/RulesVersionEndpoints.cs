using Microsoft.AspNetCore.Http.HttpResults;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Rules;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Admin;

/// <summary>Endpoints for the last versions of the rules document, and for its JSON Schema.</summary>
internal static class RulesVersionEndpoints
{
    public static void MapRulesVersions(this IEndpointRouteBuilder admin)
    {
        RouteGroupBuilder rules = admin.MapGroup("/rules");
        rules.MapGet("/versions", List)
            .WithSummary($"The last {RedisRulesStore.MaxVersions} documents written, the newest first.")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        rules.MapGet("/versions/{**version}", Get).WithSummary("One of these documents. To return to it, put it again.")
            .Produces<object>(StatusCodes.Status200OK, "application/json")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        rules.MapGet("/schema", Schema).WithSummary("JSON Schema of the document.")
            .Produces<object>(StatusCodes.Status200OK, "application/schema+json");
    }

    private static async Task<Ok<VersionList>> List(RedisRulesStore redis) => TypedResults.Ok(new VersionList(
        [.. (await redis.ReadVersionsAsync()).Select(
            change => new VersionView(change.Version, change.At, change.Operator, change.Reason, change.Bytes))]));

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> Get(string version, RedisRulesStore redis)
    {
        // The server leaves an escaped slash in a path as it is.
        version = version.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return RulesVersion.IsValid(version) && await redis.ReadVersionAsync(version) is { } document
            ? TypedResults.Text(document, "application/json")
            : TypedResults.Problem(statusCode: StatusCodes.Status404NotFound,
                detail: $"There is no version '{SettingText.Shown(version)}' among the last {RedisRulesStore.MaxVersions}.");
    }

    private static ContentHttpResult Schema() => TypedResults.Text(RulesSchema.Text, "application/schema+json");

    /// <summary>The last versions.</summary>
    internal sealed record VersionList(IReadOnlyList<VersionView> Versions);

    /// <summary>A version: who wrote it, when and why.</summary>
    internal sealed record VersionView(string Version, DateTimeOffset At, string? Operator, string? Reason, long Bytes);
}
