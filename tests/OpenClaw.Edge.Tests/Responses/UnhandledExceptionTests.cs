using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Edge.Tests.Hosting;
using OpenClaw.RateLimiting;

namespace OpenClaw.Edge.Tests.Responses;

/// <summary>A defect in the edge, here a limiter that throws.</summary>
public sealed class UnhandledExceptionTests(SharedRedis redis)
{
    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task Request_PipelineThrows_500WithoutDetailsLoggedAndCountedOnce(string environment)
    {
        await using TestUpstream upstream = await TestUpstream.StartAsync();
        await using TestEdge edge = TestEdge.Create(
            (await redis.GetAsync()).ConnectionString, upstream.Address, $"defect{Environment.ProcessId}{environment}",
            services => services.Replace(ServiceDescriptor.Singleton<IRateLimiterClient>(new Defect())),
            (HostDefaults.EnvironmentKey, environment), ("OpenClaw:Edge:ApiKeys:Pepper", TestEdge.Pepper));
        await edge.StartAsync();
        using MetricCollector<double> requests = new(
            edge.Services.GetRequiredService<IMeterFactory>(), "Microsoft.AspNetCore.Hosting", "http.server.request.duration");
        int before = edge.Logs.Count;

        using HttpResponseMessage response = await edge.Client.SendAsync();
        string body = await response.Content.ReadAsStringAsync();
        await requests.WaitForMeasurementsAsync(1, TimeSpan.FromSeconds(20));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(500, JsonDocument.Parse(body).RootElement.GetProperty("status").GetInt32());
        Assert.DoesNotContain("defect", body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("exception", body, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(upstream.Requests);
        Assert.Equal(
            "a defect", Assert.Single(edge.Logs.GetSnapshot().Skip(before), line => line.Level >= LogLevel.Warning).Exception?.Message);
        Assert.Equal(500, Assert.Single(requests.GetMeasurementSnapshot()).Tags["http.response.status_code"]);
    }

    private sealed class Defect : IRateLimiterClient
    {
        public ValueTask<RateLimitDecision> DecideAsync(Charge charge, CancellationToken cancellationToken = default) => throw New();

        public ValueTask<RateLimitDecision> DecideAsync(ReadOnlySpan<Charge> charges, CancellationToken cancellationToken = default) =>
            throw New();

        public ValueTask SettleAsync(
            Charge charge, long cost, RateLimitDecision decision, CancellationToken cancellationToken = default) => throw New();

        public ValueTask DebitAsync(Charge charge, RateLimitDecision? decision = null, CancellationToken cancellationToken = default) =>
            throw New();

        public ValueTask RefundAsync(Charge charge, RateLimitDecision? decision = null, CancellationToken cancellationToken = default) =>
            throw New();

        private static InvalidOperationException New() => new("a defect");
    }
}
