using System.Globalization;
using StackExchange.Redis;

namespace OpenClaw.Edge.Events;

/// <summary>The outcome of notifying a receiver of an event.</summary>
/// <param name="Channel"><c>email</c> or <c>webhook</c>.</param>
/// <param name="To">The address or URL.</param>
/// <param name="Status"><c>delivered</c> or <c>failed</c>.</param>
/// <param name="Attempts">Number of attempts.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
/// <param name="At">When.</param>
internal sealed record Delivery(string Channel, string To, string Status, long Attempts, string? Error, string At)
{
    public static Delivery Read(StreamEntry entry) => new(
        entry["channel"].ToString(), entry["to"].ToString(), entry["status"].ToString(), NumberOf(entry["attempts"]),
        entry["error"].IsNullOrEmpty ? null : entry["error"].ToString(), entry["at"].ToString());

    /// <summary>A number in a stream's field; 0 when it is none.</summary>
    public static long NumberOf(RedisValue value) =>
        long.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;
}
