using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Aspire.Hosting.Dashboard;

/// <summary>Serves the resources' state to the dashboard over gRPC, on a loopback port that only the dashboard knows the key of.</summary>
internal sealed class DashboardHost(
    IServiceProvider services, IConfiguration configuration, IHostEnvironment environment, ILogger<DistributedApplication> logger) 
{
    private WebApplication? _server;

    public async Task<DashboardLaunch> StartAsync(CancellationToken cancellationToken)
    {
        var apiKey = NewKey();
        _server = CreateServer(apiKey);
        await _server.StartAsync(cancellationToken);
        var resourceService = _server.Urls.Single();

        var frontEnd = DashboardAddresses.FrontEnd(configuration, logger);
        var otlp = DashboardAddresses.Otlp(configuration);
        var token = configuration["ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN"] is { Length: > 0 } chosen ? chosen : NewKey();
        var otlpKey = NewKey();
        return new DashboardLaunch(
            new Dictionary<string, string>
            {
                ["ASPNETCORE_URLS"] = string.Join(';', frontEnd),
                ["ASPNETCORE_ENVIRONMENT"] = Environments.Production,
                ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = otlp,
                ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = resourceService,
                ["DASHBOARD__FRONTEND__AUTHMODE"] = "BrowserToken",
                ["DASHBOARD__FRONTEND__BROWSERTOKEN"] = token,
                ["DASHBOARD__OTLP__AUTHMODE"] = "ApiKey",
                ["DASHBOARD__OTLP__PRIMARYAPIKEY"] = otlpKey,
                ["DASHBOARD__RESOURCESERVICECLIENT__AUTHMODE"] = "ApiKey",
                ["DASHBOARD__RESOURCESERVICECLIENT__APIKEY"] = apiKey,
            },
            frontEnd,
            LoginUrl: $"{frontEnd[0].TrimEnd('/')}/login?t={token}",
            otlp,
            otlpKey);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _server, null) is { } server)
        {
            await server.StopAsync(cancellationToken);
            await server.DisposeAsync();
        }
    }

    // Nothing of the AppHost's own configuration may reach this server: its addresses are the dashboard's.
    private WebApplication CreateServer(string apiKey)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddRouting();
        builder.Services.AddGrpc();
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));

        // The orchestrator behind these starts this server, so they cannot be asked for any earlier.
        builder.Services.AddSingleton(ActivatorUtilities.CreateInstance<ResourceService>(services, ApplicationName()));

        var server = builder.Build();
        server.Use(next => context => HasKey(context, apiKey) ? next(context) : Refuse(context));
        server.UseRouting();
        server.MapGrpcService<ResourceService>();
        return server;
    }

    private string ApplicationName() => environment.ApplicationName.EndsWith(".AppHost", StringComparison.OrdinalIgnoreCase)
        ? environment.ApplicationName[..^".AppHost".Length]
        : environment.ApplicationName;

    private static bool HasKey(HttpContext context, string apiKey) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(context.Request.Headers["x-resource-service-api-key"].ToString()),
        Encoding.UTF8.GetBytes(apiKey));

    private static Task Refuse(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private static string NewKey() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
