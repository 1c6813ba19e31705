using OpenClaw.RateLimiting.Batching;
using OpenClaw.RateLimiting.Redis;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Tests.Model;

/// <summary>The production script with one line changed: it reads its time from a key instead of asking for it.</summary>
internal static class ScriptClock
{
    private const string Key = "test:clock";
    private const string Production = "redis.call('TIME')";

    public static IDecisionStore Store(IConnectionMultiplexer redis, string prefix)
    {
        string script = DecisionScript.Text.Replace(Production, $"redis.call('LRANGE', '{Key}', 0, 1)", StringComparison.Ordinal);
        return script == DecisionScript.Text ? throw new InvalidOperationException("The script has no line to change.") : new RedisDecisionStore(redis, new RedisNames(prefix), script);
    }

    /// <summary>Sets the time that scripts sent from now on see, in microseconds.</summary>
    public static void Set(IConnectionMultiplexer redis, long microseconds)
    {
        IDatabase database = redis.GetDatabase();
        database.KeyDelete(Key, CommandFlags.FireAndForget);
        database.ListRightPush(Key, [microseconds / 1_000_000, microseconds % 1_000_000], CommandFlags.FireAndForget);
    }
}
