using OpenClaw.RateLimiting.Tests.Failures;
using OpenClaw.TestServers;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.RateLimiting.Tests.Redis;

/// <summary>The limiter under a user of Redis who has the documented rights, or all but one of them. The default user is off.</summary>
public sealed class RightsTests
{
    private const string Password = "a password";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly RateLimitPolicy Policy = new("policy", [new TokenBucket("burst", 20, 1, TimeSpan.FromHours(1))]);

    // Of the rights in docs/how-to/set-up-the-redis-user.md, which Edge.Tests tries whole: what the limiter itself needs.
    private static readonly string[] Commands =
    [
        "echo", "ping", "info", "eval", "evalsha", "time", "mget", "set", "zadd", "zcard", "zrem", "zremrangebyscore", "pexpire", "publish",
        "subscribe",
    ];

    public static TheoryData<string> EveryCommand => [.. Commands];

    [Fact]
    public async Task Everything_WithTheRightsNamed_WorksWithoutAWarning()
    {
        await using RedisServer server = await StartAsync(Commands);
        await using Replica a = await ReplicaAsync(server, "a"), b = await ReplicaAsync(server, "b");
        await Poll.UntilAsync("both are counted", () => a.Limiter.Health.Replicas == 2 && b.Limiter.Health.Replicas == 2, Patience);
        await DeniesFromMemoryAsync(a, "client");

        await b.Limiter.RefundAsync(new Charge(Policy, "client", Cost: 3));
        await Poll.UntilAsync("the refund is heard of", async () => (await DecideAsync(a, "client")).IsAllowed, Patience);
        await b.Limiter.BlockAsync(Policy, "client", TimeSpan.FromHours(1));
        await b.Limiter.ResetAsync(Policy, "client");
        RateLimitDecision afterwards = await DecideAsync(b, "client");

        Assert.Equal((true, DecisionSource.Store, 19L), (afterwards.IsAllowed, afterwards.Source, afterwards.Buckets[0].Remaining));
        Assert.Empty(a.Warnings.Concat(b.Warnings));
    }

    [Theory]
    [MemberData(nameof(EveryCommand))]
    public async Task Command_NotPermitted_IsNamedAndNothingEndsBeforeItIsGiven(string command)
    {
        await using RedisServer server = await StartAsync(Commands.Except([command]));
        await using Replica replica = await ReplicaAsync(server, "a");
        await DecideAsync(replica, "client");
        await Poll.UntilAsync($"{command} is named", async () =>
        {
            await DecideAsync(replica, "client");
            return replica.Warnings.Any(line => line.Contains($"the command {command.ToUpperInvariant()}", StringComparison.Ordinal));
        }, Patience);

        bool isDecidedByRedis = command is not ("echo" or "eval" or "time" or "mget" or "set");
        await Poll.UntilAsync("the circuit is as it must be", async () =>
        {
            await DecideAsync(replica, "client");
            return (replica.Limiter.Health.Circuit == CircuitState.Closed) == isDecidedByRedis;
        }, Patience);
        Assert.DoesNotContain(replica.Lines, line => line.Id.Id == Replica.OutageEnded);
        Assert.DoesNotContain(
            replica.Lines, line => line.Message.Contains(Password, StringComparison.Ordinal) || line.Exception is not null);
        Assert.True(replica.Warnings.Distinct().Count() == replica.Warnings.Count, string.Join('\n', replica.Warnings));
    }

    [Theory]
    [InlineData("~other:*", "&rl:raised", "access to the keys rl:*")]
    [InlineData("~rl:*", "&other", "access to the channel rl:raised")]
    public async Task KeysOrChannel_NotPermitted_AreNamed(string keys, string channel, string expected)
    {
        await using RedisServer server = await StartAsync(Commands, keys, channel);
        await using Replica replica = await ReplicaAsync(server, "a");

        await Poll.UntilAsync("it is named", async () =>
        {
            await DecideAsync(replica, "client");
            return replica.Warnings.Any(line => line.Contains(expected, StringComparison.Ordinal));
        }, Patience);
    }

    // A charge of two partitions is one call. The first key of it is permitted, as are the keys of probes and heartbeats.
    [Theory]
    [InlineData("~rl:{~}* ~rl:{a:*")]
    [InlineData("~rl:{~}* ~rl:{*}~probe ~rl:{a:*")]
    [InlineData("~rl:{~}* ~rl:{*}~probe ~rl:{*}other")]
    public async Task KeysOfSomePartitions_NotPermitted_AreNamedAndTheOutageEndsOnceTheyAre(string keys)
    {
        await using RedisServer server = await StartAsync(Commands);
        await using Replica replica = await ReplicaAsync(server, "a");
        await ChargeBothAsync();
        await using ConnectionMultiplexer admin = await ConnectionMultiplexer.ConnectAsync(
            $"{server.EndPoint},user=admin,password={Password},asyncTimeout=20000");

        await admin.GetDatabase().ExecuteAsync("ACL", ["SETUSER", "edge", "resetkeys", .. keys.Split(' ')]);
        await Poll.UntilAsync("the keys are named, and Redis does not decide", async () =>
        {
            await ChargeBothAsync();
            return replica.Warnings.Any(line => line.Contains("access to the keys rl:*", StringComparison.Ordinal))
                && replica.Limiter.Health is { Reason: "nopermission: access to the keys rl:*" };
        }, Patience);
        Assert.DoesNotContain(replica.Lines, line => line.Id.Id == Replica.OutageEnded);

        await admin.GetDatabase().ExecuteAsync("ACL", "SETUSER", "edge", "~rl:*");
        await Poll.UntilAsync("Redis decides", () => replica.Limiter.Health.Circuit == CircuitState.Closed, Patience);

        Assert.Equal(DecisionSource.Store, (await ChargeBothAsync()).Source);
        Assert.Single(replica.Lines, line => line.Id.Id == Replica.OutageBegan);
        Assert.Single(replica.Lines, line => line.Id.Id == Replica.OutageEnded);
        Assert.True(replica.Warnings.Distinct().Count() == replica.Warnings.Count, string.Join('\n', replica.Warnings));

        ValueTask<RateLimitDecision> ChargeBothAsync()
            => replica.Limiter.DecideAsync([new Charge(Policy, "a:1", Cost: 0), new Charge(Policy, "client", Cost: 0)]);
    }

    [Fact]
    public async Task Rights_GivenLater_EndTheOutageOnceAndTurnTheDenyCacheOn()
    {
        await using RedisServer server = await StartAsync(Commands.Except(["time", "subscribe"]));
        await using Replica replica = await ReplicaAsync(server, "a");
        await Poll.UntilAsync("Redis does not decide", async () =>
        {
            await DecideAsync(replica, "client");
            return replica.Limiter.Health.Circuit != CircuitState.Closed;
        }, Patience);

        await using ConnectionMultiplexer admin = await ConnectionMultiplexer.ConnectAsync(
            $"{server.EndPoint},user=admin,password={Password},asyncTimeout=20000");
        await admin.GetDatabase().ExecuteAsync("ACL", "SETUSER", "edge", "+time", "+subscribe");

        await Poll.UntilAsync("Redis decides", () => replica.Limiter.Health.Circuit == CircuitState.Closed, Patience);
        await DeniesFromMemoryAsync(replica, "another");
        Assert.Single(replica.Lines, line => line.Id.Id == Replica.OutageBegan);
        Assert.Single(replica.Lines, line => line.Id.Id == Replica.OutageEnded);
    }

    private static async Task<RedisServer> StartAsync(IEnumerable<string> commands, string keys = "~rl:*", string channel = "&rl:raised")
    {
        Requires.RedisServer();
        RedisServer server = await RedisServer.StartAsync();
        await server.ExecuteAsync("ACL", "SETUSER", "admin", "on", $">{Password}", "+@all", "~*", "&*");
        await server.ExecuteAsync(
            [
                "ACL", "SETUSER", "edge", "on", $">{Password}", "resetkeys", .. keys.Split(' '), "resetchannels", channel, "-@all",
                .. commands.Select(name => $"+{name}"),
            ]);
        await server.ExecuteAsync("ACL", "SETUSER", "default", "off");
        return server;
    }

    private static Task<Replica> ReplicaAsync(RedisServer server, string name) =>
        Replica.StartAsync($"{server.EndPoint},user=edge,password={Password}", name, Replica.Patient);

    private static ValueTask<RateLimitDecision> DecideAsync(Replica replica, string client)
        => replica.Limiter.DecideAsync([new Charge(Policy, client)]);

    private static Task DeniesFromMemoryAsync(Replica replica, string client) => Poll.UntilAsync(
        "a denial comes from memory", async () => (await DecideAsync(replica, client)).Source == DecisionSource.DenyCache, Patience);
}
