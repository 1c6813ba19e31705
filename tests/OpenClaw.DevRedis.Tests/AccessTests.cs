using System.Net;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.DevRedis.Tests;

public sealed class AccessTests
{
    private const string Password = "correct horse, battery=staple";

    [Fact]
    public async Task Connect_PasswordSet_IsRequiredAndHealthKnowsIt()
    {
        await using DevRedisProcess server = await DevRedisProcess.StartAsync(Password);

        await Assert.ThrowsAsync<RedisConnectionException>(() => server.ConnectAsync(null));
        await Assert.ThrowsAsync<RedisConnectionException>(() => server.ConnectAsync("wrong"));
        await using ConnectionMultiplexer byPassword = await server.ConnectAsync(Password);
        await using ConnectionMultiplexer byUser = await server.ConnectAsync(Password, "default");
        Assert.True(await byPassword.GetDatabase().StringSetAsync("key", "value"));
        Assert.Equal("value", await byUser.GetDatabase().StringGetAsync("key"));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await GetAsync(server, "/health"));
        Assert.DoesNotContain(Password, server.Output);
    }

    [Fact]
    public async Task Probes_NoPassword_AreHealthy()
    {
        await using DevRedisProcess server = await DevRedisProcess.StartAsync();

        Assert.Equal((HttpStatusCode.OK, "Healthy"), await GetAsync(server, "/health"));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await GetAsync(server, "/alive"));
    }

    private static async Task<(HttpStatusCode, string)> GetAsync(DevRedisProcess server, string path)
    {
        using HttpClient client = new() { BaseAddress = server.ManagementAddress };
        using HttpResponseMessage response = await client.GetAsync(path);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
