using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace OpenClaw.Edge.WarmUp;

/// <summary>Kestrel on a free loopback port, without logs and metrics.</summary>
internal sealed class WarmUpServer(IServiceProvider services, RequestDelegate pipeline) : IHttpApplication<HttpContext>, IDisposable
{
    private readonly KestrelServer _kestrel = Create(services);

    /// <summary>Where it listens once it is started.</summary>
    public Uri Url => new(_kestrel.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    /// <summary>The first exception of the pipeline.</summary>
    public Exception? Failure { get; private set; }

    public Task StartAsync(CancellationToken cancellationToken) => _kestrel.StartAsync(this, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => _kestrel.StopAsync(cancellationToken);

    public HttpContext CreateContext(IFeatureCollection contextFeatures) =>
        new DefaultHttpContext(contextFeatures) { RequestServices = services };

    public Task ProcessRequestAsync(HttpContext context) => pipeline(context);

    public void DisposeContext(HttpContext context, Exception? exception) => Failure ??= exception;

    public void Dispose() => _kestrel.Dispose();

    private static KestrelServer Create(IServiceProvider services)
    {
        KestrelServerOptions options = new() { ApplicationServices = services };
        options.Listen(IPAddress.Loopback, 0);
        // The transport of the real server, because one created here lacks Kestrel's memory pool.
        return new KestrelServer(
            Microsoft.Extensions.Options.Options.Create(options),
            services.GetRequiredService<IConnectionListenerFactory>(),
            NullLoggerFactory.Instance);
    }
}
