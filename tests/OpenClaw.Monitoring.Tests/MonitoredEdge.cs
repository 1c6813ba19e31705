using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.ServiceDefaults.Management;
using OpenClaw.TestServers;
using Xunit;

namespace OpenClaw.Monitoring.Tests;

/// <summary>An edge whose metrics are scraped, before an upstream that answers everything, with an embedded Redis.</summary>
public sealed class MonitoredEdge : WebApplicationFactory<Program>, IAsyncLifetime
{
    private readonly GarnetServer _redis = GarnetServer.Start();
    private readonly int _publicPort = LoopbackPort.Free();
    private readonly List<HttpStatusCode> _answers = [];
    private WebApplication? _upstream;

    public Uri PublicAddress => new($"http://127.0.0.1:{_publicPort}");

    public Uri ScrapeAddress => new(Services.GetRequiredService<ManagementServer>().Address!, "/metrics");

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _upstream = builder.Build();
        _upstream.MapFallback(() => "answered");
        await _upstream.StartAsync();
        UseKestrel();
        StartServer();
        await SendBurstAsync();
    }

    /// <summary>Status codes of a client that sent more requests than its burst.</summary>
    public IReadOnlyList<HttpStatusCode> Answers => _answers;

    public async Task<string> ScrapeAsync()
    {
        using HttpClient client = new();
        return await client.GetStringAsync(ScrapeAddress);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_upstream is not null)
        {
            await _upstream.DisposeAsync();
        }

        _redis.Dispose();
    }

    /// <inheritdoc/>
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseUrls(PublicAddress.OriginalString);
        builder.UseSetting("ConnectionStrings:redis", _redis.ConnectionString);
        builder.UseSetting("services:rating-api:http:0", _upstream!.Urls.Single());
        builder.UseSetting("OpenClaw:Edge:Policies:rating:Buckets:trial:Capacity", "5");
        builder.UseSetting("OpenClaw:Edge:Policies:rating:Buckets:trial:RefillTokens", "1");
        builder.UseSetting("OpenClaw:Edge:Policies:rating:Buckets:trial:RefillPeriod", "00:01:00");
        builder.UseSetting("OpenClaw:Edge:Policies:rating:Buckets:trial:Shadow", "true");
        builder.UseSetting("OpenClaw:Edge:Limiter:Deadline", "00:00:05"); // a cold start may take longer than the usual 50 ms
        builder.UseSetting("OpenClaw:Metrics:Prometheus:Enabled", "true");
        builder.UseSetting("OpenClaw:Management:Port", "0");
    }

    private async Task SendBurstAsync()
    {
        using HttpClient client = new() { BaseAddress = PublicAddress };
        client.DefaultRequestHeaders.Add("X-API-Key", "test-key");
        for (int i = 0; i < 40; i++)
        {
            using StringContent rating = new("""{"score":4}""", new MediaTypeHeaderValue("application/json"));
            using HttpResponseMessage response = await client.PostAsync("/rating", rating);
            _answers.Add(response.StatusCode);
        }
    }
}
