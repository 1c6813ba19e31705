using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Edge.Health;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Model;

namespace OpenClaw.Edge.Tests.Health;

/// <summary>Tests passive health checks with YARP's own policy and updater, by a fake clock.</summary>
public sealed class PassiveHealthPolicyTests : IAsyncDisposable
{
    private static readonly Exception Refused = new HttpRequestException(HttpRequestError.ConnectionError);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogCollector _logs = new();
    private readonly WebApplication _app;
    private readonly IPassiveHealthCheckPolicy _policy;
    private readonly DestinationState _destination = new("a");
    private readonly ClusterState _cluster;

    public PassiveHealthPolicyTests()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange", "false"]);
        builder.Logging.ClearProviders().AddProvider(new FakeLoggerProvider(_logs));
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.AddReverseProxy();
        builder.AddUpstreamHealth();
        _app = builder.Build();
        _policy = Assert.Single(_app.Services.GetServices<IPassiveHealthCheckPolicy>());
        ClusterConfig config = new()
        {
            ClusterId = "ratings",
            HealthCheck = new HealthCheckConfig
            {
                Passive = new PassiveHealthCheckConfig { Enabled = true, ReactivationPeriod = PassiveHealthPolicy.ShortestReactivation },
            },
        };
        _cluster = new ClusterState("ratings", new ClusterModel(config, new HttpMessageInvoker(new SocketsHttpHandler())));
    }

    private DestinationHealth Health => _destination.Health.Passive;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public void RequestProxied_ConnectionsRefusedThenNot_ServesAfterTheReactivationPeriod()
    {
        Report(14, ForwarderError.Request, Refused);
        Assert.Equal(DestinationHealth.Unhealthy, Health);

        _time.Advance(PassiveHealthPolicy.ShortestReactivation);
        Assert.Equal(DestinationHealth.Unknown, Health);
        Report(1);

        Assert.Equal(DestinationHealth.Healthy, Health);
    }

    [Fact]
    public void RequestProxied_ConnectTimeouts_Excluded()
    {
        Report(10, ForwarderError.RequestTimedOut, new TaskCanceledException("", new TimeoutException()));

        Assert.Equal(DestinationHealth.Unhealthy, Health);
    }

    [Theory]
    [InlineData(ForwarderError.RequestTimedOut, typeof(TaskCanceledException))]
    [InlineData(ForwarderError.ResponseBodyDestination, typeof(OperationCanceledException))]
    [InlineData(ForwarderError.RequestBodyDestination, typeof(IOException))]
    [InlineData(ForwarderError.Request, typeof(HttpRequestException))]
    [InlineData(ForwarderError.UpgradeResponseDestination, typeof(IOException))]
    public void RequestProxied_FailuresThatOneClientCanCause_NotExcluded(ForwarderError error, Type exception)
    {
        Report(20, error, (Exception)Activator.CreateInstance(exception)!);

        Assert.NotEqual(DestinationHealth.Unhealthy, Health);
        Assert.Empty(_logs.GetSnapshot());
    }

    [Fact]
    public void RequestProxied_OutageOverSeveralPeriods_LoggedWhenItBeginsAndWhenItEnds()
    {
        for (int i = 0; i < 3; i++)
        {
            Report(14, ForwarderError.Request, Refused);
            _time.Advance(PassiveHealthPolicy.ShortestReactivation);
        }

        Report(2);

        Assert.Equal([205, 206], _logs.GetSnapshot().Where(line => line.Id.Id is 205 or 206).Select(line => line.Id.Id));
    }

    private void Report(int count, ForwarderError error = ForwarderError.None, Exception? exception = null)
    {
        for (int i = 0; i < count; i++)
        {
            DefaultHttpContext context = new();
            if (error != ForwarderError.None)
            {
                context.Features.Set<IForwarderErrorFeature>(new Failure(error, exception));
            }

            _policy.RequestProxied(context, _cluster, _destination);
        }
    }

    private sealed record Failure(ForwarderError Error, Exception? Exception) : IForwarderErrorFeature;
}
