using System.Diagnostics;
using OpenClaw.TestServers;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.DevRedis.Tests;

/// <summary>Tests of the installed server, which is preferred because it has streams.</summary>
public sealed class InstalledServerTests
{
    private const string Password = "correct \"horse\" battery\\staple";

    [Theory]
    [InlineData("Auto")]
    [InlineData("Installed")]
    public async Task Start_ServerOnThePath_HasStreamsAndWantsThePassword(string kind)
    {
        Requires.RedisServer();
        await using DevRedisProcess server = await DevRedisProcess.StartAsync(Password, ("Redis__Server", kind));

        await Assert.ThrowsAsync<RedisConnectionException>(() => server.ConnectAsync("wrong"));
        await using ConnectionMultiplexer redis = await server.ConnectAsync(Password);
        await redis.GetDatabase().StreamAddAsync("stream", "field", "value");

        Assert.Equal(1, await redis.GetDatabase().StreamLengthAsync("stream"));
        Assert.DoesNotContain("staple", server.Output);
        Assert.DoesNotContain(CommandLines(), line => line.Contains("staple", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_PortIsTaken_SaysWhatToDo()
    {
        Requires.RedisServer();
        await using DevRedisProcess first = await DevRedisProcess.StartAsync(null, ("Redis__Server", "Installed"));

        (int exitCode, string output) = await DevRedisProcess.RunToExitAsync(first.Port, ("Redis__Server", "Installed"));

        Assert.Equal(1, exitCode);
        Assert.Contains("exited on 127.0.0.1:", output);
        Assert.Contains("Redis:Server to Garnet", output);
    }

    [Fact]
    public async Task Start_UnknownServer_NamesThoseThatExist()
    {
        (int exitCode, string output) = await DevRedisProcess.RunToExitAsync(LoopbackPort.Free(), ("Redis__Server", "memcached"));

        Assert.Equal(1, exitCode);
        Assert.Contains("Redis:Server is \"memcached\"; it must be one of Auto, Installed, Garnet.", output);
    }

    [Fact]
    public async Task Stop_ProcessIsKilled_ServerEndsWithIt()
    {
        Requires.RedisServer();
        Requires.Commands("setpriv");
        await using DevRedisProcess server = await DevRedisProcess.StartAsync(null, ("Redis__Server", "Installed"));

        await server.SignalAsync("KILL");

        await Poll.UntilAsync("the port is closed", async () =>
        {
            try
            {
                await using ConnectionMultiplexer redis = await server.ConnectAsync(null);
                return false;
            }
            catch (RedisConnectionException)
            {
                return true;
            }
        }, TimeSpan.FromSeconds(10));
    }

    private static IEnumerable<string> CommandLines() => Process.GetProcesses().Select(process =>
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    });
}
