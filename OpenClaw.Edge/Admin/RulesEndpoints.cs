using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Rules;

namespace OpenClaw.Edge.Admin;

/// <summary>Endpoints for the rules document, which all replicas apply over their configuration.</summary>
internal static class RulesEndpoints
{
    public static void MapRules(this IEndpointRouteBuilder admin)
    {
        RouteGroupBuilder rules = admin.MapGroup("/rules");
        rules.MapGet("", Get).WithSummary("The document in Redis; its version is the ETag.")
            .Produces<object>(StatusCodes.Status200OK, "application/json")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        rules.MapPut("", Put).Accepts<object>("application/json")
            .WithSummary("Replace the document after validating it. If-Match: only if that version is still stored; "
                + "If-None-Match: *: only if there is no document.")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        rules.MapPost("/check", Check).Accepts<object>("application/json").WithSummary("Validate a document without writing it.")
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> Get(
        HttpContext context, RedisRulesStore redis, EdgeRulesStore store)
    {
        if (await redis.ReadInfoAsync() is { Error: { } error })
        {
            return Problem(StatusCodes.Status409Conflict, $"The document in Redis cannot be used: {error} A PUT replaces it.");
        }

        if (await redis.ReadAsync() is not var (version, document))
        {
            return Problem(StatusCodes.Status404NotFound, "There is no document in Redis: the configuration alone is in force.");
        }

        context.Response.Headers.ETag = $"\"{version}\"";
        context.Response.Headers["X-Rules-In-Force"] = store.DocumentVersion;
        return TypedResults.Text(document, "application/json");
    }

    private static async Task<Results<Ok<WrittenRules>, ProblemHttpResult>> Put(
        HttpContext context, string? reason, RulesWriter writer, RedisRulesWatcher watcher, EdgeRulesStore store, AuditLog audit,
        Operators operators, IOptions<EdgeOptions> options)
    {
        if (!options.Value.RedisRules.Enabled)
        {
            return Problem(
                StatusCodes.Status409Conflict, $"{EdgeOptions.Section}:RedisRules:Enabled is false: the edge would not read the document.");
        }

        if (!RulesPrecondition.TryParse(context.Request.Headers, out RulesPrecondition? precondition, out string malformed))
        {
            return Problem(StatusCodes.Status400BadRequest, malformed);
        }

        if (Operators.ErrorOf(reason) is { } tooLong)
        {
            return Problem(StatusCodes.Status400BadRequest, tooLong);
        }

        reason = Operators.Clean(reason);
        string document = await ReadAsync(context.Request);
        string version = writer.NextVersion() ?? "none";
        ProblemHttpResult? problem = null;
        await audit.RecordAsync(context, "rules", () => $"version {version}", precondition.ToString(), reason, async () =>
        {
            IReadOnlyList<string> errors = store.Check(document);
            if (errors.Count > 0)
            {
                problem = Refused(errors);
                return $"refused, errors: {errors.Count}";
            }

            RulesWriter.Outcome outcome = await writer.WriteAsync(document, precondition, operators.NameOf(context.Request), reason);
            if (outcome.Version is { } written)
            {
                version = written;
                return AuditLog.Done;
            }

            problem = outcome.HasChanged
                ? Problem(StatusCodes.Status412PreconditionFailed, "The document has changed since it was read; read it again.")
                : Problem(
                    StatusCodes.Status409Conflict,
                    "No version is newer than the current one. Delete the key "
                        + $"'{options.Value.RedisRules.Key}' in Redis, restart every edge, and put the document again.");
            return outcome.HasChanged
                ? "refused, the document has changed since it was read"
                : "refused, no version is newer than the current one";
        });
        if (problem is not null)
        {
            return problem;
        }

        // Applied on this replica before the response is sent, on others with their next poll.
        await watcher.PollAsync(CancellationToken.None);
        return TypedResults.Ok(new WrittenRules(version));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Check(HttpContext context, EdgeRulesStore store)
    {
        IReadOnlyList<string> errors = store.Check(await ReadAsync(context.Request));
        return errors.Count > 0 ? Refused(errors) : TypedResults.NoContent();
    }

    private static async Task<string> ReadAsync(HttpRequest request)
    {
        using StreamReader reader = new(request.Body, request.GetTypedHeaders().ContentType?.Encoding ?? Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    private static ProblemHttpResult Refused(IReadOnlyList<string> errors) => TypedResults.Problem(
        statusCode: StatusCodes.Status422UnprocessableEntity,
        detail: "The document is refused; nothing was changed.",
        extensions: new Dictionary<string, object?> { ["errors"] = errors });

    private static ProblemHttpResult Problem(int status, string detail) => TypedResults.Problem(statusCode: status, detail: detail);

    /// <summary>The written version.</summary>
    internal sealed record WrittenRules(string Version);
}
