using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OpenClaw.TestServers;
using StackExchange.Redis;
using Xunit;

namespace OpenClaw.DevRedis.Tests;

public sealed class LifetimeTests
{
    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Stop_BySignalWithClientsConnected_ExitsCleanlyAndFreesThePort(string signal)
    {
        await using DevRedisProcess server = await DevRedisProcess.StartAsync();
        await using ConnectionMultiplexer connection = await server.ConnectAsync();
        await connection.GetDatabase().StringSetAsync("key", "value");
        long start = Stopwatch.GetTimestamp();

        int exitCode = await server.SignalAsync(signal);

        Assert.Equal(0, exitCode);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10));
        Assert.DoesNotContain("fail:", server.Output);
        using TcpListener listener = new(IPAddress.Loopback, server.Port);
        listener.Start();
    }

    [Fact]
    public async Task Start_PortInUse_SaysSoAndWhatToDo()
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;

        (int exitCode, string output) = await DevRedisProcess.RunToExitAsync(port);

        Assert.Equal(1, exitCode);
        Assert.Contains($"Port {port} on 127.0.0.1 is already in use", output);
        Assert.Contains("set Redis:Port to a free port", output);
        Assert.DoesNotContain("   at ", output);
    }

    [Fact]
    public async Task Start_AddressOfAnotherMachine_SaysSoAndWhatToDo()
    {
        (int exitCode, string output) = await DevRedisProcess.RunToExitAsync(LoopbackPort.Free(), ("Redis__Bind", "192.0.2.1"));

        Assert.Equal(1, exitCode);
        Assert.Contains("192.0.2.1 is not an address of this machine", output);
        Assert.DoesNotContain("   at ", output);
    }

    [Fact]
    public async Task Start_SettingsWrong_NamesAllOfThem()
    {
        (int exitCode, string output) = await DevRedisProcess.RunToExitAsync(
            0, ("Redis__Bind", "here"), ("Redis__MaxMemoryMegabytes", "15"));

        Assert.Equal(1, exitCode);
        Assert.Contains("Redis:Port is 0; it must be 1 to 65535.", output);
        Assert.Contains("Redis:Bind is \"here\"; it must be an IP address", output);
        Assert.Contains("Redis:MaxMemoryMegabytes is 15; it must be 16 to 65536.", output);
        Assert.DoesNotContain("   at ", output);
    }

    [Theory]
    [InlineData("Redis__Port", "sixty", "Redis:Port is sixty; it must be 1 to 65535.")]
    [InlineData("Redis__MaxMemoryMegabytes", "256m", "Redis:MaxMemoryMegabytes is 256m; it must be 16 to 65536.")]
    public async Task Start_SettingIsNoNumber_SaysWhatItMustBe(string name, string value, string message)
    {
        (int exitCode, string output) = await DevRedisProcess.RunToExitAsync(LoopbackPort.Free(), (name, value));

        Assert.Equal(1, exitCode);
        Assert.Contains(message, output);
        Assert.DoesNotContain("   at ", output);
    }
}
