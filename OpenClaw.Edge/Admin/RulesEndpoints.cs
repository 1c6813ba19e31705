using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Policies;
using OpenClaw.Edge.Settings;

namespace OpenClaw.Edge.Admin;

/// <summary>The rules document that all replicas lay over their configuration.</summary>
internal static class RulesEndpoints
{
    public static void MapRules(this IEndpointRouteBuilder admin)
    {
        RouteGroupBuilder rules = admin.MapGroup("/rules");
        rules.MapGet("", Get).WithSummary("The document in Redis; its version is the ETag.")
            .Produces<object>(StatusCodes.Status200OK, "application/json")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        rules.MapPut("", Put).Accepts<object>("application/json")
            .WithSummary("Replace the document, after checking all of it. With If-Match only where that version is still there.")
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        rules.MapPost("/check", Check).Accepts<object>("application/json").WithSummary("What would be wrong with a document.")
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> Get(HttpContext context, RedisRules redis, EdgeRulesStore store)
    {
        if (await redis.ReadAsync() is not var (version, document))
        {
            return Problem(StatusCodes.Status404NotFound, "There is no document in Redis: the configuration alone is in force.");
        }

        context.Response.Headers.ETag = $"\"{version}\"";
        context.Response.Headers["X-Rules-In-Force"] = store.DocumentVersion;
        return TypedResults.Text(document, "application/json");
    }

    private static async Task<Results<Ok<WrittenRules>, ProblemHttpResult>> Put(
        [FromHeader(Name = "If-Match")] string? ifMatch, HttpContext context, RedisRules redis, RedisRulesWatcher watcher, EdgeRulesStore store, AuditLog audit, TimeProvider time, IOptions<EdgeOptions> options)
    {
        if (!options.Value.RedisRules.Enabled)
        {
            return Problem(StatusCodes.Status409Conflict, $"{EdgeOptions.Section}:RedisRules:Enabled is false: nobody would read the document.");
        }

        string document = await ReadAsync(context.Request);
        string version = time.GetUtcNow().ToString("yyyyMMddTHHmmss.fffffffZ", CultureInfo.InvariantCulture);
        string? expected = ifMatch?.Trim('"');
        ProblemHttpResult? problem = null;
        await audit.RecordAsync(context, "rules", $"version {version}", expected is null ? "" : $"over version {expected}", async () =>
        {
            IReadOnlyList<string> errors = store.Check(document);
            if (errors.Count > 0)
            {
                problem = Refused(errors);
                return $"refused, errors: {errors.Count}";
            }

            if (!await redis.WriteAsync(version, document, expected))
            {
                problem = Problem(StatusCodes.Status412PreconditionFailed, $"Version {expected} is not there any more; read the document again.");
                return "refused, another version is there";
            }

            return AuditLog.Done;
        });
        if (problem is not null)
        {
            return problem;
        }

        // In force here before the answer; elsewhere with the next poll.
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
        using StreamReader reader = new(request.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    private static ProblemHttpResult Refused(IReadOnlyList<string> errors) => TypedResults.Problem(
        statusCode: StatusCodes.Status422UnprocessableEntity,
        detail: "The document is refused; nothing was changed.",
        extensions: new Dictionary<string, object?> { ["errors"] = errors });

    private static ProblemHttpResult Problem(int status, string detail) => TypedResults.Problem(statusCode: status, detail: detail);

    /// <summary>What was written.</summary>
    internal sealed record WrittenRules(string Version);
}
