using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OpenClaw.ServiceDefaults.Tests;

/// <summary>Receives OTLP over HTTP and keeps the bytes as Latin-1 text: names and values are readable in protobuf.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, string> _received = new();

    private OtlpCollector(WebApplication app) => _app = app;

    /// <summary>What a service needs to send here.</summary>
    public (string Name, string Value)[] Settings =>
        [("OTEL_EXPORTER_OTLP_ENDPOINT", _app.Urls.Single()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")];

    public string Traces => Received("traces");

    public string Metrics => Received("metrics");

    public string Logs => Received("logs");

    public static async Task<OtlpCollector> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        OtlpCollector collector = new(app);
        app.MapPost("/v1/{signal}", async (HttpRequest request, string signal) =>
        {
            using StreamReader reader = new(request.Body, Encoding.Latin1);
            string body = await reader.ReadToEndAsync();
            collector._received.AddOrUpdate(signal, body, (_, before) => before + body);
        });
        await app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private string Received(string signal) => _received.GetValueOrDefault(signal, "");
}
