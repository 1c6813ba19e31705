using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using OpenClaw.Console.Tests.Fakes;

namespace OpenClaw.Console.Tests.Hosting;

/// <summary>The console on real Kestrel in this process.</summary>
internal sealed class TestConsole : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly FakeLogCollector _logs;

    private TestConsole(WebApplication app, FakeLogCollector logs)
    {
        _app = app;
        _logs = logs;
    }

    public string Address => _app.Urls.First();

    /// <summary>What it logged.</summary>
    public IEnumerable<string> Output => _logs.GetSnapshot().Select(record => record.ToString());

    /// <summary>Starts the console in Development.</summary>
    /// <param name="edge">Address of the edge.</param>
    /// <param name="settings">Settings besides.</param>
    public static Task<TestConsole> StartAsync(string edge, params (string Name, string Value)[] settings) =>
        StartAsync(edge, static _ => { }, settings);

    /// <summary>Starts the console in Development, with other services.</summary>
    public static async Task<TestConsole> StartAsync(
        string edge, Action<IServiceCollection> configure, params (string Name, string Value)[] settings)
    {
        FakeLogCollector logs = new();
        (string Name, string Value)[] all =
        [
            ("applicationName", "OpenClaw.Console"),
            ("contentRoot", ConsoleServer.SourceFolder),
            ("environment", "Development"),
            ("urls", "http://127.0.0.1:0"),
            ("OpenClaw:Management:Port", "0"),
            ("OpenClaw:Console:Edge", edge),
            ("OpenClaw:Console:AdminKey", FakeEdge.Key),
            .. settings,
        ];
        WebApplication app = ConsoleApplication.Create(
            [.. all.Select(setting => $"--{setting.Name}={setting.Value}")],
            builder =>
            {
                builder.Logging.ClearProviders().AddProvider(new FakeLoggerProvider(logs));
                configure(builder.Services);
            });
        await app.StartAsync();
        return new TestConsole(app, logs);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
