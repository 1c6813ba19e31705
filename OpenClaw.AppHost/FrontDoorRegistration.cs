using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OpenClaw.AppHost;

/// <summary>Adds the front door, and logs its address when the edge is ready.</summary>
internal static partial class FrontDoorRegistration
{
    /// <summary>Adds the entry, the commands and the log line.</summary>
    public static IResourceBuilder<FrontDoor> AddFrontDoor(this IResourceBuilder<ProjectResource> edge, string name, AdminApi admin)
    {
        var http = edge.GetEndpoint("http");
        var commands = new EdgeCommands(http, admin);
        var door = edge.ApplicationBuilder.AddResource(new FrontDoor(name))
            .WithInitialState(
                new CustomResourceSnapshot { ResourceType = "Rate-limiting edge", State = KnownResourceStates.Waiting, Properties = [] })
            .WithIconName("ShieldTask")
            .WithEdgeCommands(commands, isHighlighted: true)
            .ExcludeFromManifest();
        edge.WithoutLink(http.EndpointName)
            .WithEdgeCommands(commands, isHighlighted: false)
            .WithParentRelationship(door)
            .OnResourceReady((_, ready, _) => OpenAsync(door.Resource, http.Url, admin.Endpoint.Url, ready.Services));
        return door;
    }

    private static async Task OpenAsync(FrontDoor door, string edge, string admin, IServiceProvider services)
    {
        await services.GetRequiredService<ResourceNotificationService>().PublishUpdateAsync(door, snapshot => snapshot with
        {
            State = KnownResourceStates.Running,
            StartTimeStamp = DateTime.UtcNow,
            Urls = [Link("POST /rating", $"{edge}/rating", order: 1), Link("Admin API", $"{admin}{ApiPageLinks.Path}", order: 0)],
        });
        LogReady(services.GetRequiredService<ILoggerFactory>().CreateLogger("OpenClaw.AppHost"), edge, Environment.NewLine,
            SampleClients.Key);
    }

    private static UrlSnapshot Link(string text, string address, int order) =>
        new(null, address, IsInternal: false) { DisplayProperties = new(text, order) };

    [LoggerMessage(2, LogLevel.Information,
        "The edge answers at {Address}. Try it:{NewLine}"
        + """curl -i {Address}/rating -H 'X-API-Key: {Key}' -H 'Content-Type: application/json' -d '{{"score": 4}}'""")]
    private static partial void LogReady(ILogger logger, string address, string newLine, string key);
}
