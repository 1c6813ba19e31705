using System.Net;
using System.Net.Sockets;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Rules;
using OpenClaw.RateLimiting;
using Yarp.ReverseProxy;

namespace OpenClaw.Edge.Admin;

/// <summary>Runs the admin API as a separate server with its own port, routes and middleware. It shares nothing with the public server, so
/// no path, header or port of a request leads from one to the other. Without a configured key it is not started.</summary>
internal sealed class AdminServer(IServiceProvider edge, IOptions<EdgeOptions> options, ILogger<AdminServer> logger) : IHostedService
{
    private WebApplication? _app;

    /// <summary>The address it listens on, once started; null when the API is off.</summary>
    public Uri? Address { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        AdminOptions admin = options.Value.Admin;
        if (admin.Key.Length == 0)
        {
            return;
        }

        _app = Create(admin);
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            throw new IOException(
                $"{EdgeOptions.Section}:Admin: nothing can listen on {admin.Address}, port {admin.Port}. {exception.Message}", exception);
        }

        Address = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Log.Listening(logger, Address);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_app is not null)
        {
            await _app.StopAsync(cancellationToken);
            await _app.DisposeAsync();
        }
    }

    private WebApplication Create(AdminOptions admin)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 2 * RulesDocument.MaxBytes;
            kestrel.Listen(IPAddress.Parse(admin.Address), admin.Port);
        });
        IServiceCollection services = builder.Services;
        services.AddSingleton(edge.GetRequiredService<ILoggerFactory>());
        services.AddSingleton(edge.GetRequiredService<IRateLimiterClient>());
        services.AddSingleton(edge.GetRequiredService<IRateLimiterAdmin>());
        services.AddSingleton(edge.GetRequiredService<EdgeRulesStore>());
        services.AddSingleton(edge.GetRequiredService<KeyHasher>());
        services.AddSingleton(edge.GetRequiredService<RedisRulesStore>());
        services.AddSingleton(edge.GetRequiredService<RedisRulesWatcher>());
        services.AddSingleton(edge.GetRequiredService<IProxyStateLookup>());
        services.AddSingleton(edge.GetRequiredService<TimeProvider>());
        services.AddSingleton(options);
        services.AddSingleton<AuditLog>();
        services.AddSingleton<UnauthorizedLog>();
        services.AddSingleton<PartitionFinder>();
        services.AddSingleton<BucketInspector>();
        services.AddSingleton<BucketEndpoints.Change>();
        services.AddSingleton<RulesWriter>();
        services.AddControlPlane(edge);
        services.AddSingleton<IHostLifetime, DetachedLifetime>();
        services.AddRoutingCore();
        services.AddProblemDetails();
        services.AddOpenApi("v1", AdminOpenApi.Describe);
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
        });

        WebApplication app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRouting();
        app.UseMiddleware<AdminAuthentication>(admin.Key);
        app.UseMiddleware<AdminErrors>();
        IEndpointConventionBuilder description = app.MapOpenApi();
        if (edge.GetRequiredService<IHostEnvironment>().IsDevelopment())
        {
            // A browser cannot send the key when it opens a page. The page has a field for the key and sends it with every call.
            description.AllowAnonymous();
            app.MapApiPage().AllowAnonymous();
        }

        RouteGroupBuilder api = app.MapGroup("").ProducesProblem(StatusCodes.Status401Unauthorized);
        api.MapGroup("").WithTags("Policies").MapPolicies();
        api.MapGroup("").WithTags("Clients").MapClients();
        api.MapGroup("").WithTags("Buckets").MapBuckets();
        api.MapGroup("").WithTags("Trial").MapTrial();
        api.MapGroup("").WithTags("Rules").MapRules();
        api.MapControlPlane();
        return app;
    }
}
