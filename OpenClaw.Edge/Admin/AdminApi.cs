using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Rules;
using OpenClaw.RateLimiting;
using OpenClaw.ServiceDefaults.Management;
using Yarp.ReverseProxy;

namespace OpenClaw.Edge.Admin;

/// <summary>The admin API, on the management listener. Available only if a key is configured.</summary>
internal sealed class AdminApi(IServiceProvider edge, IOptions<EdgeOptions> options) : IManagementEndpoints
{
    private readonly string _key = options.Value.Admin.Key;

    public void AddServices(IServiceCollection services)
    {
        if (_key.Length == 0)
        {
            return;
        }

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
        services.AddSingleton<AddressReader>();
        services.AddSingleton<PartitionFinder>();
        services.AddSingleton<BucketInspector>();
        services.AddSingleton<BucketEndpoints.Change>();
        services.AddSingleton<RulesWriter>();
        services.AddControlPlane(edge);
        services.AddProblemDetails();
        services.AddOpenApi("v1", AdminOpenApi.Describe);
        services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = 2 * RulesDocument.MaxBytes);
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
        });
    }

    public void Map(WebApplication app)
    {
        if (_key.Length == 0)
        {
            return;
        }

        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseRouting();
        app.UseMiddleware<AdminAuthentication>(_key);
        app.UseMiddleware<AdminErrors>();
        IEndpointConventionBuilder description = app.MapOpenApi();
        description.AllowHead();
        if (app.Environment.IsDevelopment())
        {
            // A browser cannot send the key when it opens a page. The page has a field for the key and sends it with every call.
            description.AllowAnonymous();
            app.MapApiPage().AllowAnonymous();
        }

        RouteGroupBuilder api = app.MapGroup("").ProducesProblem(StatusCodes.Status401Unauthorized);
        api.AllowHead();
        api.MapGroup("").WithTags("Policies").MapPolicies();
        api.MapGroup("").WithTags("Clients").MapClients();
        api.MapGroup("").WithTags("Lists").MapLists();
        api.MapGroup("").WithTags("Buckets").MapBuckets();
        api.MapGroup("").WithTags("Trial").MapTrial();
        api.MapGroup("").WithTags("Rules").MapRules();
        api.MapControlPlane();
    }
}
