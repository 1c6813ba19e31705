using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Events;
using OpenClaw.Edge.Networks;
using OpenClaw.ServiceDefaults.Configuration;

namespace OpenClaw.Edge.Admin;

/// <summary>Endpoints for events and their deliveries.</summary>
internal static class EventEndpoints
{
    private const int MaxCount = 500;
    private const int Chunk = 100;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(15);

    public static void MapEvents(this IEndpointRouteBuilder admin)
    {
        RouteGroupBuilder events = admin.MapGroup("/events")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        events.MapGet("", List).WithSummary("Events, the newest first, with their deliveries.");
        events.MapGet("/stream", Stream)
            .WithSummary("Events as they happen, as server-sent events. Resumes after the id in Last-Event-ID.")
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream");
    }

    private static async Task<Results<Ok<EventList>, ProblemHttpResult>> List(
        EventReader reader, AddressReader addresses, string? client, string? address, string? type, string? before, int count = 50)
    {
        StreamEntryId position = default;
        ClientAddress sender = default;
        string malformed = "";
        string? error = count is < 1 or > MaxCount ? $"count is {count}; it must be 1 to {MaxCount}."
            : !string.IsNullOrEmpty(before) && !StreamEntryId.TryParse(before, out position) ? Malformed("before", before)
            : !string.IsNullOrEmpty(type) && !EventTypes.All.Contains(type)
                ? $"type is '{SettingText.Shown(type)}'; it must be one of: {string.Join(", ", EventTypes.All)}."
            : !string.IsNullOrEmpty(address) && !addresses.TryRead(address, out _, out sender, out malformed) ? malformed
            : null;
        if (error is not null)
        {
            return BadRequest(error);
        }

        EventFilter filter = new(
            NullIfEmpty(client)?.ToLowerInvariant(), string.IsNullOrEmpty(address) ? null : sender.ToString(), NullIfEmpty(type));
        (IReadOnlyList<StoredEvent> events, StreamEntryId? next) = await reader.ReadAsync(
            filter, string.IsNullOrEmpty(before) ? null : position, count);
        ILookup<string, Delivery> deliveries = await reader.ReadDeliveriesAsync(events);
        return TypedResults.Ok(new EventList(
            [.. events.Select(found => new EventView(found.StreamId, found.Event, [.. deliveries[found.Id]]))], next?.ToString()));
    }

    private static async Task Stream(HttpContext context, ServerSentEvents streams, EventReader reader, TimeProvider time)
    {
        StringValues lastId = context.Request.Headers["Last-Event-ID"];
        StreamEntryId given = default;
        if (lastId.Count > 0 && !StreamEntryId.TryParse(lastId.ToString(), out given))
        {
            await BadRequest(Malformed("Last-Event-ID", lastId.ToString())).ExecuteAsync(context);
            return;
        }

        StreamEntryId position = lastId.Count > 0 ? given : await reader.ReadLastPositionAsync();
        await streams.RunAsync(context, async (writer, cancellationToken) =>
        {
            using PeriodicTimer timer = new(PollInterval, time);
            long writtenAt = time.GetTimestamp();
            do
            {
                bool isMore;
                do
                {
                    IReadOnlyList<(StreamEntryId Position, StoredEvent? Event)> found = await ReadAsync(reader, position);
                    isMore = found.Count == Chunk;
                    foreach ((StreamEntryId at, StoredEvent? stored) in found)
                    {
                        position = at;
                        if (stored is not null)
                        {
                            await writer.WriteAsync(
                                "event", new StreamedEvent(stored.StreamId, stored.Event), stored.StreamId, cancellationToken);
                            writtenAt = time.GetTimestamp();
                        }
                    }
                }
                while (isMore);

                if (time.GetElapsedTime(writtenAt) >= KeepAliveInterval)
                {
                    await writer.KeepAliveAsync(cancellationToken);
                    writtenAt = time.GetTimestamp();
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        });
    }

    // While Redis is unavailable the stream stays open without events. It then resumes at the same position.
    private static async Task<IReadOnlyList<(StreamEntryId Position, StoredEvent? Event)>> ReadAsync(
        EventReader reader, StreamEntryId position)
    {
        try
        {
            return await reader.ReadAfterAsync(position, Chunk);
        }
        catch (Exception exception) when (AdminErrors.IsOutage(exception))
        {
            return [];
        }
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static string Malformed(string name, string value) =>
        $"{name} is '{SettingText.Shown(value)}'; it must be an id from a response of this API, such as 1700000000000-0.";

    private static ProblemHttpResult BadRequest(string detail) =>
        TypedResults.Problem(statusCode: StatusCodes.Status400BadRequest, detail: detail);

    /// <summary>Events, and the id before which to continue; null at the end.</summary>
    internal sealed record EventList(IReadOnlyList<EventView> Events, string? Before);

    /// <summary>An event and its deliveries.</summary>
    internal sealed record EventView(string StreamId, JsonElement Event, IReadOnlyList<Delivery> Deliveries);

    /// <summary>An event as it happens.</summary>
    internal sealed record StreamedEvent(string StreamId, JsonElement Event);
}
