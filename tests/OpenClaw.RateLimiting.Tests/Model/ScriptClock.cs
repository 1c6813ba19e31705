using OpenClaw.RateLimiting.Batching;
using OpenClaw.RateLimiting.Redis;
using StackExchange.Redis;

namespace OpenClaw.RateLimiting.Tests.Model;

/// <summary>The production script with one line changed: it reads its time from a key instead of asking for it.</summary>
internal sealed class ScriptClock
{
    private const string Production = "redis.call('TIME')";

    private readonly IDatabase _database;
    private readonly string _key;

    public ScriptClock(IConnectionMultiplexer redis, string prefix)
    {
        _database = redis.GetDatabase();
        _key = $"{prefix}clock";
        string script = DecisionScript.Text.Replace(Production, $"redis.call('LRANGE', '{_key}', 0, 1)", StringComparison.Ordinal);
        Store = script == DecisionScript.Text
            ? throw new InvalidOperationException("The script has no line to change.")
            : new RedisDecisionStore(redis, new RedisNames(prefix), script, TimeProvider.System);
    }

    /// <summary>Decides by this clock.</summary>
    public IDecisionStore Store { get; }

    /// <summary>The time that scripts sent from now on see, in microseconds.</summary>
    public long Now
    {
        get;
        set
        {
            field = value;
            _database.KeyDelete(_key, CommandFlags.FireAndForget);
            _database.ListRightPush(_key, [value / 1_000_000, value % 1_000_000], CommandFlags.FireAndForget);
        }
    }

    /// <summary>Carries one operation out by itself.</summary>
    public async Task<RateLimitDecision> RunAsync(Operation operation, params Charge[] charges)
    {
        DecisionBatch batch = new(ChargeValidator.MaxCharges, 1);
        PendingDecision pending = new();
        pending.Prepare(operation, charges, CancellationToken.None);
        batch.TryAdd(pending);
        await Store.DecideAsync(batch, CancellationToken.None);
        return pending.Decision;
    }

    /// <summary>One request of cost 1 or as given.</summary>
    public Task<RateLimitDecision> AskAsync(RateLimitPolicy policy, string partition, long cost = 1)
        => RunAsync(Operation.Charge, new Charge(policy, partition, cost));
}
