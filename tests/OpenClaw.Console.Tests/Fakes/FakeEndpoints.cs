using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace OpenClaw.Console.Tests.Fakes;

/// <summary>Requests of the admin API.</summary>
internal static class FakeEndpoints
{
    public static void Map(IEndpointRouteBuilder app, FakeEdge edge)
    {
        app.MapGet("/usage", () => edge.Usage.Now());
        app.MapGet("/usage/history", () => edge.Usage.History());
        app.MapGet("/usage/top", (string by, string window) => edge.Usage.Top(by, window));
        app.MapGet("/usage/stream", context => StreamAsync(context, edge));
        app.MapGet("/policies", () => edge.Rules.Policies);
        app.MapGet("/lists", () => edge.Rules.Lists);
        app.MapGet("/clients", () => edge.Buckets.Clients);
        app.MapGet("/clients/{id}", (string id) => edge.Buckets.Knows(id)
            ? Results.Ok(edge.Buckets.Clients.Single(client => (string)client.GetType().GetProperty("Id")!.GetValue(client)! == id))
            : Results.Problem(statusCode: 404, detail: $"There is no client '{id}'."));
        app.MapGet("/buckets", async (string? client, string? address) =>
        {
            await edge.Buckets.AnswerableAsync(client ?? address!);
            return edge.Buckets.View(client ?? address!, address is not null);
        });
        app.MapPost("/buckets/{action}", (string action, BucketChange change, HttpContext context) =>
            Change(edge, action, change, context));
        app.MapPost("/try", (JsonElement trial) => trial.GetProperty("policy").GetString() == "rating"
            ? Results.Ok(new
            {
                Allowed = false,
                Result = "limited",
                Cost = 1,
                RetryAfterSeconds = 0.2,
                Buckets = new[] { new { Policy = "rating", Name = "burst", Capacity = 20, Remaining = 0, Cost = 1, Lacks = true,
                    Shadow = false } },
            })
            : Results.Problem(statusCode: 400,
                detail: $"There is no policy '{trial.GetProperty("policy")}'; there are: address, rating, search."));
        MapRules(app, edge);
        MapEvents(app, edge);
    }

    private static void MapRules(IEndpointRouteBuilder app, FakeEdge edge)
    {
        app.MapGet("/rules", (HttpContext context) =>
        {
            (int version, string text) = edge.Rules.Current;
            context.Response.Headers.ETag = $"\"{version}\"";
            context.Response.Headers["X-Rules-In-Force"] = $"{version}";
            return Results.Text(text, "application/json");
        });
        app.MapGet("/rules/schema", () => Results.Text(FakeRules.Schema, "application/schema+json"));
        app.MapGet("/rules/versions", () => edge.Rules.Versions);
        app.MapGet("/rules/versions/{version}", (string version) =>
            edge.Rules.Text(version) is { } text
                ? Results.Text(text, "application/json")
                : Results.Problem(statusCode: 404, detail: "There is no such version."));
        app.MapPost("/rules/check", async (HttpContext context) =>
            FakeRules.Check(await ReadAsync(context)) is { Length: > 0 } errors ? Refused(errors) : Results.NoContent());
        app.MapPut("/rules", async (HttpContext context) =>
        {
            string text = await ReadAsync(context);
            string? by = context.Request.Headers["X-Operator"], reason = context.Request.Query["reason"];
            if (FakeRules.Check(text) is { Length: > 0 } errors)
            {
                return Refused(errors);
            }

            if (edge.Rules.Write(text, context.Request.Headers.IfMatch, by, reason) is not { } version)
            {
                return Results.Problem(statusCode: 412, detail: "The document has changed since it was read; read it again.");
            }

            edge.Events.Audit(by, "rules", $"version {version}", "", reason);
            return Results.Ok(new { Version = version });
        });
    }

    private static void MapEvents(IEndpointRouteBuilder app, FakeEdge edge)
    {
        app.MapGet("/events", (string? client, string? address, string? type, string? before, int count) =>
            edge.Events.Page(client, address, type, before, count));
        app.MapGet("/audit", (string? before, int count) => edge.Events.AuditPage(before, count));
        app.MapGet("/deliveries/failed", () => edge.Events.Failed());
        app.MapPost("/deliveries/failed/{streamId}/retry", (string streamId) =>
        {
            edge.Events.Retried.Enqueue(streamId);
            return edge.Events.Remove(streamId)
                ? Results.NoContent()
                : Results.Problem(statusCode: 404, detail: "There is no such delivery.");
        });
        app.MapPost("/deliveries/failed/{streamId}/discard", (string streamId) =>
            edge.Events.Remove(streamId) ? Results.NoContent() : Results.NotFound());
    }

    private static IResult Change(FakeEdge edge, string action, BucketChange change, HttpContext context)
    {
        if (edge.IsStoreDown)
        {
            return Results.Problem(statusCode: 503, detail: "Redis did not answer, so it is unknown whether the change was made.");
        }

        string subject = change.Client ?? change.Address!;
        switch (action)
        {
            case "grant":
                edge.Buckets.Grant(subject, change.Tokens!.Value);
                break;
            case "reset":
                edge.Buckets.Reset(subject);
                break;
            case "block":
                edge.Buckets.Block(subject, change.Seconds!.Value);
                break;
            case "unblock":
                edge.Buckets.Unblock(subject);
                break;
            default:
                return Results.NotFound();
        }

        string? by = context.Request.Headers["X-Operator"];
        string detail = change.Tokens is { } tokens ? $"{tokens} tokens"
            : change.Seconds is { } seconds ? $"for {TimeSpan.FromSeconds(seconds)}"
            : "";
        edge.Events.Audit(by, action, change.Client is null ? $"address {subject}" : $"client {subject}", detail, change.Reason);
        string type = action == "reset" ? "client.reset" : $"client.{action}ed";
        edge.Events.Add(type, change.Client, change.Address, new
        {
            Id = Guid.NewGuid(),
            Type = type,
            Time = DateTimeOffset.UtcNow,
            change.Client,
            change.Address,
            change.Seconds,
            change.Tokens,
            Operator = by ?? "admin key",
            change.Reason,
        });
        return Results.Ok(edge.Buckets.View(subject, change.Address is not null));
    }

    private static async Task StreamAsync(HttpContext context, FakeEdge edge)
    {
        context.Response.ContentType = "text/event-stream";
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, edge.StreamsEnd);
        try
        {
            while (true)
            {
                await context.Response.WriteAsync(
                    $"event: usage\ndata: {JsonSerializer.Serialize(edge.Usage.Now(), JsonSerializerOptions.Web)}\n\n", end.Token);
                await context.Response.Body.FlushAsync(end.Token);
                await Task.Delay(TimeSpan.FromSeconds(1), end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }

    private static IResult Refused(string[] errors) => Results.Problem(
        statusCode: 422,
        detail: "The document is refused; nothing was changed.",
        extensions: new Dictionary<string, object?> { ["errors"] = errors });

    private static async Task<string> ReadAsync(HttpContext context)
    {
        using StreamReader reader = new(context.Request.Body);
        return await reader.ReadToEndAsync();
    }

    internal sealed record BucketChange(string? Client, string? Address, string? Policy, string? Reason, long? Tokens, double? Seconds);
}
