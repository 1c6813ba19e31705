using StackExchange.Redis;
using Xunit;

namespace OpenClaw.DevRedis.Tests;

public sealed class MemoryTests
{
    private const long Mebibyte = 1 << 20;

    [Fact]
    public async Task Set_FarMoreThanTheLimit_KeepsTheNewestWithinBounds()
    {
        const int Limit = 32;
        const int ValueBytes = 2000;
        const int Values = 75_000;
        await using DevRedisProcess server = await DevRedisProcess.StartAsync(null, ("Redis__MaxMemoryMegabytes", $"{Limit}"));
        await using ConnectionMultiplexer connection = await server.ConnectAsync();
        IDatabase database = connection.GetDatabase();
        byte[] value = new byte[ValueBytes];
        long before = server.ResidentBytes;

        foreach (int[] batch in Enumerable.Range(0, Values).Chunk(2000))
        {
            await Task.WhenAll(batch.Select(i => database.StringSetAsync($"key:{i}", value)));
        }

        long grown = (server.ResidentBytes - before) / Mebibyte;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{before / Mebibyte} MiB before, {grown} MiB more after {Values * (long)ValueBytes / Mebibyte} MiB were written");
        Assert.True(grown < Limit + 80, $"{grown} MiB more");
        Assert.Equal(ValueBytes, (await database.StringGetAsync($"key:{Values - 1}")).Length());
        Assert.False(await database.KeyExistsAsync("key:0"));
    }
}
