using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Health;

public sealed class ClientAbortFilterTests(SharedRedis redis)
{
    private const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel";

    private static readonly EventId ApplicationError = new(13, "ApplicationError");
    private static readonly EventId UnfinishedRead = new(26, "RequestBodyDrainBodyReaderInvalidState");
    private static readonly EventId HeartbeatSlow = new(22, "HeartbeatSlow");

    private static readonly Exception[] ClientAborts =
    [
        new BadHttpRequestException("Unexpected end of request content."),
        new ConnectionResetException("reset"),
        new ConnectionAbortedException("aborted"),
        new AggregateException(new IOException("broken"), new OperationCanceledException()),
    ];

    [Fact]
    public async Task Kestrel_ErrorsOfLeavingClients_AreLeftOutAndNothingElse()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        ILogger kestrel = stack.Edge.Services.GetRequiredService<ILoggerFactory>().CreateLogger(Kestrel);
        int before = stack.Edge.Logs.Count;

        foreach (Exception exception in ClientAborts)
        {
            kestrel.LogError(ApplicationError, exception, "left");
        }

        kestrel.LogError(UnfinishedRead, new InvalidOperationException("Reading is already in progress."), "left");
        kestrel.LogWarning(HeartbeatSlow, "the heartbeat is late");
        kestrel.LogError(ApplicationError, new InvalidOperationException(), "too few bytes written");
        kestrel.LogError(ApplicationError, new AggregateException(new IOException(), new InvalidOperationException()), "both");

        Assert.Equal(
            ["the heartbeat is late", "too few bytes written", "both"],
            stack.Edge.Logs.GetSnapshot().Skip(before).Where(line => line.Category == Kestrel).Select(line => line.Message));
    }

    [Fact]
    public async Task Client_LeavesDuringTheUpload_IsNotLogged()
    {
        await using Stack stack = await Stack.StartAsync(redis);
        TaskCompletionSource arrived = new(), ended = new();
        stack.Upstream.Handler = async context =>
        {
            arrived.SetResult();
            try
            {
                await context.Request.Body.CopyToAsync(Stream.Null);
            }
            finally
            {
                ended.SetResult();
            }
        };
        int before = stack.Edge.Logs.Count;

        using (TcpClient client = new())
        {
            await client.ConnectAsync(stack.Edge.Address.Host, stack.Edge.Address.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                "POST /rating HTTP/1.1\r\nHost: edge\r\nContent-Length: 100000\r\n\r\nbegin"));
            await arrived.Task.WaitAsync(TimeSpan.FromSeconds(20));
        }

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await stack.Edge.StopAsync();
        Assert.DoesNotContain(stack.Edge.Logs.GetSnapshot().Skip(before), line => line.Level >= LogLevel.Warning);
    }
}
