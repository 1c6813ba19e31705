using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using OpenClaw.TestServers;

namespace OpenClaw.Notifier.Tests.Hosting;

/// <summary>A notifier in this process.</summary>
internal sealed class TestNotifier : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _folder;

    private TestNotifier(WebApplication app, string folder)
    {
        _app = app;
        _folder = folder;
    }

    public IServiceProvider Services => _app.Services;

    public FakeLogCollector Logs => _app.Services.GetRequiredService<FakeLogCollector>();

    public string Address => _app.Urls.First();

    /// <summary>Mails written so far.</summary>
    public string[] Mails => Directory.Exists(_folder) ? Directory.GetFiles(_folder) : [];

    public static Task<TestNotifier> StartAsync(RedisServer redis, params string[] settings) => StartAsync(redis.ConnectionString, settings);

    public static async Task<TestNotifier> StartAsync(string connection, params string[] settings)
    {
        string folder = Path.Combine(Path.GetTempPath(), $"openclaw-mails-{Guid.NewGuid():N}");
        WebApplication app = NotifierApplication.Create(
            new WebApplicationOptions { Args = TestSettings.Arguments(connection, folder, settings) },
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Services.AddFakeLogging();
            });
        await app.StartAsync();
        return new TestNotifier(app, folder);
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}
