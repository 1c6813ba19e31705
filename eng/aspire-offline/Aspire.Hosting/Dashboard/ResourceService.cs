using Aspire.Hosting.Dashboard.Protocol;
using Grpc.Core;

namespace Aspire.Hosting.Dashboard;

/// <summary>Answers the dashboard's questions: what runs, what it prints, and do this to it.</summary>
internal sealed class ResourceService(
    string applicationName,
    ResourceNotificationService notifications,
    ResourceCommandService commands,
    ApplicationOrchestrator orchestrator,
    IHostApplicationLifetime lifetime) : DashboardService.DashboardServiceBase
{
    public override Task<ApplicationInformationResponse> GetApplicationInformation(ApplicationInformationRequest request, ServerCallContext context) =>
        Task.FromResult(new ApplicationInformationResponse { ApplicationName = applicationName });

    public override Task WatchResources(WatchResourcesRequest request, IServerStreamWriter<WatchResourcesUpdate> responseStream, ServerCallContext context) =>
        UntilClosedAsync(context, async closed =>
        {
            // The watch begins with everything there is, as changes; resources never go away while the application runs.
            await responseStream.WriteAsync(new WatchResourcesUpdate { InitialData = new() }, closed);
            await foreach (var change in notifications.WatchAsync(closed))
            {
                var upsert = new WatchResourcesChange { Upsert = ResourceMessage.From(change) };
                await responseStream.WriteAsync(new WatchResourcesUpdate { Changes = new() { Value = { upsert } } }, closed);
            }
        });

    public override Task WatchResourceConsoleLogs(
        WatchResourceConsoleLogsRequest request, IServerStreamWriter<WatchResourceConsoleLogsUpdate> responseStream, ServerCallContext context) =>
        UntilClosedAsync(context, async closed =>
        {
            var number = 0;
            await foreach (var (text, isError) in orchestrator.ReadLogAsync(request.ResourceName, follow: !request.SuppressFollow, closed))
            {
                var line = new ConsoleLogLine { Text = text, IsStdErr = isError, LineNumber = ++number };
                await responseStream.WriteAsync(new WatchResourceConsoleLogsUpdate { LogLines = { line } }, closed);
            }
        });

    public override async Task<ResourceCommandResponse> ExecuteResourceCommand(ResourceCommandRequest request, ServerCallContext context)
    {
        try
        {
            // Not the call's token: a page that is closed does not leave a command half done.
            var result = await commands.ExecuteCommandAsync(request.ResourceName, request.CommandName, lifetime.ApplicationStopping);
            return new ResourceCommandResponse
            {
                Kind = result.Success ? ResourceCommandResponseKind.Succeeded : ResourceCommandResponseKind.Failed,
                Message = result.Message ?? string.Empty,
            };
        }
        catch (OperationCanceledException)
        {
            return new ResourceCommandResponse { Kind = ResourceCommandResponseKind.Cancelled };
        }
    }

    /// <summary>Interactions are questions of an AppHost to its user. This one asks none, but the dashboard wants the stream to stay open.</summary>
    public override Task WatchInteractions(
        IAsyncStreamReader<WatchInteractionsRequestUpdate> requestStream,
        IServerStreamWriter<WatchInteractionsResponseUpdate> responseStream,
        ServerCallContext context) =>
        UntilClosedAsync(context, closed => Task.Delay(Timeout.Infinite, closed));

    /// <summary>Runs until the dashboard goes, or the application stops: both are an ordinary end.</summary>
    private async Task UntilClosedAsync(ServerCallContext context, Func<CancellationToken, Task> serve)
    {
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            await serve(closed.Token);
        }
        catch (Exception) when (closed.IsCancellationRequested)
        {
            // A write to a stream that was just closed fails in its own ways.
        }
    }
}
