using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dashboard.Protocol;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Offline.Tests.Dashboard;

/// <summary>What the dashboard sees of the AppHost, asked for as the dashboard asks.</summary>
public sealed class DashboardHostTests : IAsyncLifetime
{
    private readonly IDistributedApplicationBuilder _builder = DistributedApplication.CreateBuilder([]);
    private DistributedApplication _app = null!;
    private DashboardLaunch _launch = null!;
    private GrpcChannel _channel = null!;

    public async ValueTask InitializeAsync()
    {
        _builder.Configuration["ASPNETCORE_URLS"] = "http://localhost:15000";
        _builder.Configuration["ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN"] = "token";
        _app = _builder.Build();
        _launch = await _app.Services.GetRequiredService<DashboardHost>().StartAsync(TestContext.Current.CancellationToken);
        _channel = GrpcChannel.ForAddress(_launch.Environment["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"]);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.Services.GetRequiredService<DashboardHost>().StopAsync(TestContext.Current.CancellationToken);
        await _app.DisposeAsync();
    }

    [Fact]
    public void StartAsync_AddressesConfigured_DescribesTheDashboardSo()
    {
        Assert.Equal("http://localhost:15000/login?t=token", _launch.LoginUrl);
        Assert.Equal("http://localhost:15000", _launch.Environment["ASPNETCORE_URLS"]);
        Assert.Equal(_launch.OtlpEndpoint, _launch.Environment["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"]);
        Assert.Equal(_launch.OtlpApiKey, _launch.Environment["DASHBOARD__OTLP__PRIMARYAPIKEY"]);
        Assert.Equal(IPAddress.Loopback.ToString(), new Uri(_launch.Environment["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"]).Host);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    public async Task Call_WithoutTheKey_IsRefused(string? key)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await Client.GetApplicationInformationAsync(new(), Key(key)));

        Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
    }

    [Fact]
    public async Task WatchResources_ResourceChanges_TellsEveryState()
    {
        var resource = new ProjectResource("api");
        var notifications = _app.ResourceNotifications;
        await notifications.PublishUpdateAsync(resource, "api-1", snapshot => snapshot with { State = KnownResourceStates.Waiting });
        using var call = Client.WatchResources(new(), Key());

        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(WatchResourcesUpdate.KindOneofCase.InitialData, call.ResponseStream.Current.KindCase);
        var waiting = await NextAsync(call);
        await notifications.PublishUpdateAsync(resource, "api-1", snapshot => snapshot with { State = KnownResourceStates.Running });
        var running = await NextAsync(call);

        Assert.Equal(("api-1", "api", "Project", "Waiting"), (waiting.Name, waiting.DisplayName, waiting.ResourceType, waiting.State));
        Assert.Equal("Running", running.State);
        Assert.Equal(
            [("start", ResourceCommandState.Hidden), ("stop", ResourceCommandState.Enabled), ("restart", ResourceCommandState.Enabled)],
            running.Commands.Select(command => (command.Name, command.State)));
    }

    [Fact]
    public async Task ExecuteResourceCommand_NoSuchResource_FailsAndSaysSo()
    {
        var response = await Client.ExecuteResourceCommandAsync(new() { ResourceName = "nobody", CommandName = "stop" }, Key());

        Assert.Equal(ResourceCommandResponseKind.Failed, response.Kind);
        Assert.Contains("nobody", response.Message, StringComparison.Ordinal);
    }

    private DashboardService.DashboardServiceClient Client => new(_channel);

    private static async Task<global::Aspire.Hosting.Dashboard.Protocol.Resource> NextAsync(AsyncServerStreamingCall<WatchResourcesUpdate> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        return Assert.Single(call.ResponseStream.Current.Changes.Value).Upsert;
    }

    private Metadata Key() => Key(_launch.Environment["DASHBOARD__RESOURCESERVICECLIENT__APIKEY"]);

    private static Metadata Key(string? key) => key is null ? [] : new Metadata { { "x-resource-service-api-key", key } };
}
