extern alias notifier;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using notifier::OpenClaw.Notifier;
using OpenClaw.ServiceDefaults.Management;
using OpenClaw.TestServers;
using Xunit;

namespace OpenClaw.Monitoring.Tests;

/// <summary>A notifier whose metrics are scraped, with a Redis of its own.</summary>
public sealed class MonitoredNotifier : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("openclaw-notifier-").FullName;
    private RedisServer? _redis;
    private IHost? _app;

    public async ValueTask InitializeAsync()
    {
        Requires.RedisServer();
        _redis = await RedisServer.StartAsync();
        _app = NotifierApplication.Create(
        [
            $"--contentRoot={_folder}",
            $"--ConnectionStrings:redis={_redis.ConnectionString}",
            $"--OpenClaw:Notifier:Email:Folder={_folder}",
            "--OpenClaw:Metrics:Prometheus:Enabled=true",
            "--OpenClaw:Management:Port=0",
        ]);
        await _app.StartAsync();
    }

    public async Task<string> ScrapeAsync()
    {
        using HttpClient client = new();
        return await client.GetStringAsync(new Uri(_app!.Services.GetRequiredService<ManagementServer>().Address!, "/metrics"));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            _app.Dispose();
        }

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
