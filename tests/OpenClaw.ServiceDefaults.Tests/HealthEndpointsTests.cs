using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Options;
using Xunit;

namespace OpenClaw.ServiceDefaults.Tests;

public sealed class HealthEndpointsTests
{
    [Theory]
    [InlineData("Development")]
    [InlineData("Staging")]
    [InlineData("Production")]
    public async Task Probes_InEveryEnvironment_Answer(string environment)
    {
        await using WebApplication app = await TestApp.StartAsync(environment: environment);

        Assert.Equal((HttpStatusCode.OK, "Healthy"), await ProbeAsync(app, "/health"));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await ProbeAsync(app, "/alive"));
    }

    [Theory]
    [InlineData(HealthStatus.Unhealthy, HttpStatusCode.ServiceUnavailable)]
    [InlineData(HealthStatus.Degraded, HttpStatusCode.OK)]
    public async Task Probes_DependencyInTrouble_ConcernsReadinessOnly(HealthStatus status, HttpStatusCode readiness)
    {
        await using WebApplication app = await StartWithCheckAsync("dependency", () => new HealthCheckResult(status));

        Assert.Equal((readiness, $"{status}\ndependency"), await ProbeAsync(app, "/health"));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), await ProbeAsync(app, "/alive"));
    }

    [Fact]
    public async Task Probes_UnhealthyCheckTaggedLive_ConcernsBoth()
    {
        await using WebApplication app = await StartWithCheckAsync("stuck", () => HealthCheckResult.Unhealthy(), "live");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await ProbeAsync(app, "/health")).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await ProbeAsync(app, "/alive")).Status);
    }

    [Fact]
    public async Task Checks_WithoutATimeout_GetOne()
    {
        TimeSpan own = TimeSpan.FromSeconds(30);
        await using WebApplication app = await TestApp.StartAsync(configure: builder => builder.Services.AddHealthChecks()
            .AddCheck("without", () => HealthCheckResult.Healthy())
            .AddCheck("with", () => HealthCheckResult.Healthy(), timeout: own));

        Dictionary<string, TimeSpan> timeouts = app.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations
            .ToDictionary(check => check.Name, check => check.Timeout);
        Assert.Equal(TimeSpan.FromSeconds(3), timeouts["without"]);
        Assert.Equal(own, timeouts["with"]);
    }

    [Fact]
    public async Task Probes_Answered_AreNotInTheRequestMetrics()
    {
        await using WebApplication app = await TestApp.StartAsync(map: app => app.MapGet("/work", () => "done"));
        using MetricCollector<double> durations = new(
            app.Services.GetRequiredService<IMeterFactory>(), "Microsoft.AspNetCore.Hosting", "http.server.request.duration");

        await ProbeAsync(app, "/health");
        await ProbeAsync(app, "/alive");
        using HttpClient client = app.Connect();
        await client.GetStringAsync("/work");

        await durations.WaitForMeasurementsAsync(1, TimeSpan.FromSeconds(10));
        Assert.Equal("/work", Assert.Single(durations.GetMeasurementSnapshot()).Tags["http.route"]);
    }

    private static Task<WebApplication> StartWithCheckAsync(string name, Func<HealthCheckResult> check, params string[] tags) =>
        TestApp.StartAsync(configure: builder => builder.Services.AddHealthChecks().AddCheck(name, check, tags));

    private static async Task<(HttpStatusCode Status, string Body)> ProbeAsync(WebApplication app, string path)
    {
        using HttpClient client = app.ConnectToManagement();
        using HttpResponseMessage response = await client.GetAsync(path);
        Assert.True(response.Headers.CacheControl?.NoStore);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
