using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using OpenClaw.Edge.Configuration;
using OpenClaw.Edge.Rules;
using OpenClaw.ServiceDefaults.Management;
using OpenClaw.TestServers;

namespace OpenClaw.Edge.Tests.Hosting;

/// <summary>The edge on real Kestrel, with its own settings files.</summary>
internal sealed class TestEdge : IAsyncDisposable
{
    public const string AdminKey = "admin-key-for-tests-of-at-least-32-characters";

    public const string Pepper = "openclaw-development-pepper-not-for-production";

    /// <summary>Methods that the route accepts. Wider than shipped, because most tests do not depend on methods.</summary>
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

    private readonly WebApplication _app;

    private TestEdge(WebApplication app, TestSettings settings, FakeLogCollector logs)
    {
        _app = app;
        Settings = settings;
        Logs = logs;
    }

    /// <summary>Settings that a test can change while the edge runs.</summary>
    public TestSettings Settings { get; }

    public FakeLogCollector Logs { get; }

    public Uri Address => new(_app.Urls.First());

    /// <summary>A client without a key, from 127.0.0.1.</summary>
    public HttpClient Client => field ??= CreateClient();

    public IServiceProvider Services => _app.Services;

    public EdgeRulesStore Rules => Services.GetRequiredService<EdgeRulesStore>();

    /// <summary>Log lines about refused rules.</summary>
    public List<string> Refusals => [.. Logs.GetSnapshot().Where(record => record.Id.Id == 101).Select(record => record.Message)];

    /// <summary>Address of the management listener: probes, metrics and the admin API.</summary>
    public Uri ManagementAddress => _app.Services.GetRequiredService<ManagementServer>().Address!;

    /// <summary>A client of the management listener without the admin key.</summary>
    public HttpClient Management => field ??= new HttpClient { BaseAddress = ManagementAddress, Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>Starts an edge in Development, so that the sample clients are known.</summary>
    /// <param name="redis">Connection string.</param>
    /// <param name="upstream">Address of the upstream.</param>
    /// <param name="scope">Edges of one scope share buckets and rules.</param>
    /// <param name="settings">Further settings; <see cref="HostDefaults.ContentRootKey"/> for other settings files than the edge's
    /// own.</param>
    public static async Task<TestEdge> StartAsync(
        string redis, string upstream, string scope, params (string Key, string? Value)[] settings)
    {
        TestEdge edge = Create(redis, upstream, scope, settings);
        try
        {
            await edge._app.StartAsync();
            return edge;
        }
        catch
        {
            await edge.DisposeAsync();
            throw;
        }
    }

    public static TestEdge Create(string redis, string upstream, string scope, params (string Key, string? Value)[] settings) =>
        Create(redis, upstream, scope, static _ => { }, settings);

    /// <param name="redis">Connection string.</param>
    /// <param name="upstream">Address of the upstream.</param>
    /// <param name="scope">Edges of one scope share buckets and rules.</param>
    /// <param name="configure">Changes services, as the last step before the edge is built.</param>
    /// <param name="settings">Further settings.</param>
    public static TestEdge Create(
        string redis, string upstream, string scope, Action<IServiceCollection> configure,
        params (string Key, string? Value)[] settings)
    {
        TestSettings memory = new()
        {
            ["ReverseProxy:Clusters:rating-api:Destinations:rating-api:Address"] = upstream,
            ["OpenClaw:Edge:Limiter:KeyPrefix"] = scope + ":",
            // Generous, for busy machines.
            ["OpenClaw:Edge:Limiter:Deadline"] = "00:00:02",
            ["OpenClaw:Edge:Upstream:ConnectTimeout"] = "00:00:20",
            ["OpenClaw:Edge:RedisRules:Key"] = scope + ":rules",
            ["OpenClaw:Edge:RedisRules:PollInterval"] = "00:00:00.200",
            ["OpenClaw:Edge:ControlPlane:KeyPrefix"] = scope + ":",
            ["OpenClaw:Management:Port"] = "0",
        };
        const string MethodsPath = "ReverseProxy:Routes:rating:Match:Methods";
        for (int i = 0; i < Methods.Length && !settings.Any(setting => setting.Key.StartsWith(MethodsPath, StringComparison.Ordinal)); i++)
        {
            memory[$"{MethodsPath}:{i}"] = Methods[i];
        }

        foreach ((string key, string? value) in settings)
        {
            memory[key] = value;
        }

        FakeLogCollector logs = new();
        // Only files of a test's own change. Each file watched takes one of the few instances (often 128) that the system has for a user.
        bool isWatching = memory[HostDefaults.ContentRootKey] is not null;
        WebApplicationOptions options = new()
        {
            Args =
            [
                "--urls", "http://127.0.0.1:0", "--ConnectionStrings:redis", redis, "--hostBuilder:reloadConfigOnChange", $"{isWatching}",
                // Read while services are registered, before the settings in memory are added.
                "--OpenClaw:Metrics:Prometheus:Enabled", memory["OpenClaw:Metrics:Prometheus:Enabled"] ?? "false",
            ],
            ContentRootPath = memory[HostDefaults.ContentRootKey] ?? Repository.Path("OpenClaw.Edge"),
            EnvironmentName = memory[HostDefaults.EnvironmentKey] ?? Environments.Development,
            ApplicationName = "OpenClaw.Edge",
        };
        WebApplication app = EdgeApplication.Create(options, builder =>
        {
            if (!isWatching)
            {
                // Tests must not depend on a developer's local settings.
                RemoveLocalSettings(builder.Configuration.Sources);
            }

            builder.Configuration.Sources.Add(memory);
            builder.Logging.ClearProviders().AddProvider(new FakeLoggerProvider(logs)).SetMinimumLevel(LogLevel.Information);
            configure(builder.Services);
        });
        return new TestEdge(app, memory, logs);
    }

    private static void RemoveLocalSettings(IList<IConfigurationSource> sources)
    {
        if (sources.FirstOrDefault(source => source is JsonConfigurationSource { Path: LocalSettings.FileName }) is { } local)
        {
            sources.Remove(local);
        }
    }

    /// <summary>A client that connects from the given loopback address, and sends the given key.</summary>
    public HttpClient CreateClient(string? key = null, string? from = null)
    {
        SocketsHttpHandler handler = new() { UseCookies = false, AllowAutoRedirect = false };
        if (from is not null)
        {
            handler.ConnectCallback = async (context, cancellationToken) =>
            {
                Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            };
        }

        HttpClient client = new(handler) { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(20) };
        if (key is not null)
        {
            client.DefaultRequestHeaders.Add("X-API-Key", key);
        }

        return client;
    }

    /// <summary>A client of the admin API, which must be on.</summary>
    public HttpClient CreateAdminClient()
    {
        SocketsHttpHandler handler = new() { RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1 };
        HttpClient client = new(handler) { BaseAddress = ManagementAddress, Timeout = TimeSpan.FromSeconds(20) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", AdminKey);
        return client;
    }

    /// <summary>Waits until a version of the document in Redis is in force.</summary>
    public Task UntilRulesAsync(string version) => Poll.UntilAsync(
        $"version {version} is in force", () => Rules.DocumentVersion == version, TimeSpan.FromSeconds(10));

    public Task StartAsync() => _app.StartAsync();

    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
