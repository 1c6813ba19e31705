using System.Net.Sockets;
using Garnet;
using Microsoft.Extensions.Options;

namespace OpenClaw.DevRedis.Hosting;

/// <summary>Runs the embedded Garnet server while the host runs.</summary>
internal sealed class GarnetService(
    IOptions<DevRedisOptions> options, ILoggerFactory loggerFactory, ILogger<GarnetService> logger) : IHostedService
{
    private GarnetServer? _server;

    /// <exception cref="DevRedisStartException">The port is taken, or the address is not one of this machine's.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        DevRedisOptions settings = options.Value;
        try
        {
            _server = new GarnetServer(GarnetSettings.From(settings), new GarnetLoggerFactory(loggerFactory));
            _server.Start();
        }
        catch (Exception e) when (Find<SocketException>(e) is { } cause)
        {
            _server?.Dispose();
            throw new DevRedisStartException(Explain(settings, cause), e);
        }

        Log.Listening(logger, settings.Bind, settings.Port, !string.IsNullOrEmpty(settings.Password), settings.MaxMemoryMegabytes);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _server?.Dispose();
        _server = null;
        return Task.CompletedTask;
    }

    private static string Explain(DevRedisOptions settings, SocketException cause) => cause.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse =>
            $"Port {settings.Port} on {settings.Bind} is already in use. Stop the program that uses it, or set "
            + $"{DevRedisOptions.Section}:Port to a free port.",
        SocketError.AddressNotAvailable =>
            $"{settings.Bind} is not an address of this machine. Set {DevRedisOptions.Section}:Bind to one that is, for example 127.0.0.1.",
        SocketError.AccessDenied =>
            $"Port {settings.Port} needs more rights than this process has. Set {DevRedisOptions.Section}:Port to one above 1023.",
        _ => $"Cannot listen on {settings.Bind}:{settings.Port}: {cause.Message}.",
    };

    private static T? Find<T>(Exception? e) where T : Exception
    {
        while (e is not null and not T)
        {
            e = e.InnerException;
        }

        return (T?)e;
    }
}
