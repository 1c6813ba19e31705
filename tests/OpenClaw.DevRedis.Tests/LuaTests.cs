using StackExchange.Redis;
using Xunit;

namespace OpenClaw.DevRedis.Tests;

public sealed class LuaTests
{
    private const string Take = """
        local left = tonumber(redis.call('GET', KEYS[1]))
        if left < 1 then return 0 end
        redis.call('SET', KEYS[1], left - 1)
        return 1
        """;

    [Fact]
    public async Task Eval_ThousandAtOnceFromManyConnections_TakesExactlyWhatIsThere()
    {
        const int Connections = 8;
        const int Calls = 1000;
        const int Tokens = 500;
        await using DevRedisProcess server = await DevRedisProcess.StartAsync();
        ConnectionMultiplexer[] connections = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => server.ConnectAsync()));

        // Several keys in turn: a lost update is a race, and one round may miss it.
        for (int round = 0; round < 4; round++)
        {
            RedisKey key = $"tokens:{round}";
            await connections[0].GetDatabase().StringSetAsync(key, Tokens);
            RedisResult[] taken = await Task.WhenAll(Enumerable.Range(0, Calls)
                .Select(call => connections[call % Connections].GetDatabase().ScriptEvaluateAsync(Take, [key])));

            Assert.Equal(Tokens, taken.Sum(result => (int)result));
            Assert.Equal(0, (int)await connections[0].GetDatabase().StringGetAsync(key));
        }

        await Task.WhenAll(connections.Select(connection => connection.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task Eval_ThatNeverEnds_IsStoppedAndOthersGoOn()
    {
        await using DevRedisProcess server = await DevRedisProcess.StartAsync();
        await using ConnectionMultiplexer connection = await server.ConnectAsync();

        await Assert.ThrowsAsync<RedisServerException>(() => connection.GetDatabase().ScriptEvaluateAsync("while true do end"));

        Assert.Equal("1", (await connection.GetDatabase().ScriptEvaluateAsync("return '1'")).ToString());
    }
}
