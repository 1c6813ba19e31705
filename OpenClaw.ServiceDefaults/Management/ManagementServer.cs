using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.ServiceDefaults.Health;
using OpenClaw.ServiceDefaults.Telemetry;

namespace OpenClaw.ServiceDefaults.Management;

/// <summary>Serves probes, metrics and a service's <see cref="IManagementEndpoints"/> on their own port. It is a separate server that
/// shares neither connection limits nor routes with the public one: a flood cannot make a probe fail, and a request to one server cannot
/// reach the endpoints of the other. It starts before the public server and stops after it.</summary>
public sealed class ManagementServer : IHostedService
{
    /// <summary>Time for requests that are still open when everything else has stopped, such as streams.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(2);

    private static readonly Marker ConnectionMarker = new();

    private readonly IServiceProvider _service;
    private readonly ILogger _logger;
    private WebApplication? _app;

    internal ManagementServer(IServiceProvider service)
    {
        _service = service;
        _logger = service.GetRequiredService<ILogger<ManagementServer>>();
    }

    /// <summary>The address it listens on; null before it has started.</summary>
    public Uri? Address { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="IOException">Nothing can listen on the address and port of the settings.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        ManagementOptions options = _service.GetRequiredService<IOptions<ManagementOptions>>().Value;
        _app = Create(options);
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            await _app.DisposeAsync();
            _app = null;
            throw new IOException(Describe(options, exception), exception);
        }

        Address = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Log.Listening(_logger, Address);
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_app is not null)
        {
            await _app.StopAsync(cancellationToken);
            await _app.DisposeAsync();
        }
    }

    /// <summary>Whether a request is a probe or a scrape on a management listener, recognised by its connection.</summary>
    internal static bool IsProbe(HttpContext context, PrometheusOptions metrics)
    {
        PathString path = context.Request.Path;
        return (path.Equals(HealthEndpoints.Readiness) || path.Equals(HealthEndpoints.Liveness) || path.Equals(metrics.Path))
            && context.Features.Get<Marker>() is not null;
    }

    private WebApplication Create(ManagementOptions options)
    {
        IHostEnvironment environment = _service.GetRequiredService<IHostEnvironment>();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = environment.ApplicationName,
            ContentRootPath = environment.ContentRootPath,
            EnvironmentName = environment.EnvironmentName,
        });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Parse(options.Address), options.Port, listener => Configure(listener, options.Certificate));
        });
        IServiceCollection services = builder.Services;
        services.AddSingleton<ILoggerFactory>(new InnerLoggers(_service.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(_service.GetRequiredService<IMeterFactory>());
        services.AddSingleton(_service.GetRequiredService<HealthCheckService>());
        services.AddSingleton<IHostLifetime, DetachedLifetime>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = StopTimeout);
        services.AddRoutingCore();
        IManagementEndpoints[] added = [.. _service.GetServices<IManagementEndpoints>()];
        foreach (IManagementEndpoints endpoints in added)
        {
            endpoints.AddServices(services);
        }

        WebApplication app = builder.Build();
        foreach (IManagementEndpoints endpoints in added)
        {
            endpoints.Map(app);
        }

        app.MapHealthEndpoints();
        app.MapPrometheusScraping(_service);
        return app;
    }

    private void Configure(ListenOptions listener, ManagementCertificateOptions files)
    {
        if (files.Path.Length > 0)
        {
            ManagementCertificate certificate = new(files, _service.GetRequiredService<TimeProvider>(), _logger);
            listener.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(certificate.Current) });
        }

        listener.Use(next => connection =>
        {
            connection.Features.Set(ConnectionMarker);
            return next(connection);
        });
    }

    private static string Describe(ManagementOptions options, Exception exception) => exception.InnerException is AddressInUseException
        ? $"{ManagementOptions.Section}:Port is {options.Port}, and another program listens on {options.Address}, port {options.Port} "
            + "already: set a free port, or 0 for any."
        : $"{ManagementOptions.Section}: nothing can listen on {options.Address}, port {options.Port}: {exception.Message}";

    /// <summary>Marks connections of the management listener.</summary>
    private sealed class Marker;
}
