using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using OpenClaw.ServiceDefaults.Management;
using OpenClaw.TestServers;

namespace OpenClaw.Notifier.Tests.Hosting;

/// <summary>A notifier in this process.</summary>
internal sealed class TestNotifier : IAsyncDisposable
{
    private readonly IHost _app;
    private readonly string _folder;

    private TestNotifier(IHost app, string folder)
    {
        _app = app;
        _folder = folder;
    }

    public IServiceProvider Services => _app.Services;

    public FakeLogCollector Logs => _app.Services.GetRequiredService<FakeLogCollector>();

    /// <summary>The management listener.</summary>
    public Uri Management => _app.Services.GetRequiredService<ManagementServer>().Address!;

    /// <summary>Mails written so far.</summary>
    public string[] Mails => Directory.Exists(_folder) ? Directory.GetFiles(_folder) : [];

    public static Task<TestNotifier> StartAsync(RedisServer redis, params string[] settings) =>
        StartAsync(redis.ConnectionString, settings);

    public static Task<TestNotifier> StartAsync(string connection, params string[] settings) =>
        StartAsync(connection, _ => { }, settings);

    public static async Task<TestNotifier> StartAsync(
        string connection, Action<IServiceCollection> configure, params string[] settings)
    {
        string folder = Path.Combine(Path.GetTempPath(), $"openclaw-mails-{Guid.NewGuid():N}");
        IHost app = NotifierApplication.Create(
            TestSettings.Arguments(connection, folder, settings),
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Services.AddFakeLogging();
                configure(builder.Services);
            });
        await app.StartAsync();
        return new TestNotifier(app, folder);
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        _app.Dispose();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}
