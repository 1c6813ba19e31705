using StackExchange.Redis;

namespace OpenClaw.Edge.Usage;

/// <summary>Counts to add to the fleet's history. Redis adds them once per id, however often they are sent.</summary>
/// <param name="Id">Unique among all increments of the replica, also across restarts.</param>
/// <param name="Slices">The slices: key, retention time, and the amounts to add to its fields.</param>
internal sealed record UsageIncrements(
    string Id, IReadOnlyList<(RedisKey Key, TimeSpan Lifetime, KeyValuePair<string, long>[] Fields)> Slices);
