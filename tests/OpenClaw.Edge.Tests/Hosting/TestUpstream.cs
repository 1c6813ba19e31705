using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace OpenClaw.Edge.Tests.Hosting;

/// <summary>An upstream on real Kestrel with a handler that the test sets.</summary>
internal sealed class TestUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestUpstream(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    /// <summary>Path and query of every request that arrived.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Headers of the last request that arrived.</summary>
    public HeaderDictionary LastHeaders { get; private set; } = [];

    /// <summary>The handler. By default it answers 200 with <c>ok</c>.</summary>
    public RequestDelegate Handler { get; set; } = context => context.Response.WriteAsync("ok");

    public static async Task<TestUpstream> StartAsync(
        RequestDelegate? handler = null, HttpProtocols protocols = HttpProtocols.Http1, int port = 0)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange", "false"]);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = protocols));
        WebApplication app = builder.Build();
        TestUpstream upstream = new(app);
        if (handler is not null)
        {
            upstream.Handler = handler;
        }

        app.UseWebSockets();
        app.Run(context =>
        {
            if (context.Request.Path == "/ping")
            {
                return Task.CompletedTask;
            }

            upstream.Requests.Enqueue(context.Request.Path + context.Request.QueryString);
            HeaderDictionary headers = [];
            foreach (var header in context.Request.Headers)
            {
                headers[header.Key] = header.Value;
            }

            upstream.LastHeaders = headers;
            return upstream.Handler(context);
        });
        await app.StartAsync();
        return upstream;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
