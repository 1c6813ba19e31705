using StackExchange.Redis;

namespace OpenClaw.Edge.Usage;

/// <summary>Counts to add to the fleet's history. The id lets Redis add them once, however often they are sent.</summary>
/// <param name="Id">Differs from that of all other increments of the replica, also of those before a restart.</param>
/// <param name="Slices">By slice: its key, how long Redis keeps it, and what to add to its fields.</param>
internal sealed record UsageIncrements(
    string Id, IReadOnlyList<(RedisKey Key, TimeSpan Lifetime, KeyValuePair<string, long>[] Fields)> Slices);
