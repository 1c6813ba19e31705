using OpenClaw.AppHost;

var builder = DistributedApplication.CreateBuilder(args);
var settings = builder.ExecutionContext.IsPublishMode ? AppHostSettings.ForPublishing : AppHostSettings.Read(builder.Configuration);

var redisSource = RedisSource.Choose(settings.Redis, builder.ExecutionContext);
var redis = redisSource.AddRedis(builder, "redis");

var edge = AddService<Projects.OpenClaw_Edge>("edge", settings.Port, settings.ManagementPort)
    .WithReplicas(3)
    .WithExternalHttpEndpoints()
    .WithReference(redis)
    .WaitFor(redis)
    .WithIconName("TopSpeed");

if (settings.RatingApi is { } address)
{
    edge.WithEnvironment("ReverseProxy__Clusters__rating-api__Destinations__rating-api__Address", address);
}
else
{
    var ratingApi = AddService<Projects.OpenClaw_RatingApi>("rating-api").WithApiPage("http", "Rating API").WithIconName("Star");
    edge.WithReference(ratingApi).WaitFor(ratingApi);
}

if (builder.ExecutionContext.IsRunMode)
{
    var admin = edge.AddAdminApi();
    edge.AddFrontDoor("openclaw", admin);
    AddService<Projects.OpenClaw_Console>("console").WithAdminApi(admin).WithIconName("Board");
    builder.AddMonitoring(redisSource.Runtime, edge, redis);
    builder.AddNotifier(redisSource.Runtime, redis);
}

var app = builder.Build();
redisSource.Log(app.Services);
app.Run();

// A container listens on 8080, and its own settings name the trusted proxies. The Kubernetes files add the management port, because
// aspirate supports only one endpoint. Locally every process gets free ports behind a proxy.
IResourceBuilder<ProjectResource> AddService<TProject>(string name, int? port = null, int? managementPort = null)
    where TProject : IProjectMetadata, new()
{
    var service = builder.AddProject<TProject>(name, launchProfileName: null).StartedFromItsBuild();
    return builder.ExecutionContext.IsPublishMode
        ? service.WithHttpEndpoint(targetPort: 8080).DisableForwardedHeaders()
        : service.WithHttpEndpoint(port).WithManagementEndpoint(managementPort).WithAppHostEnvironment().WithSampledTraces();
}
