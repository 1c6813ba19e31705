using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OpenClaw.ServiceDefaults.Tests;

/// <summary>A service with the defaults on real Kestrel, on free loopback ports.</summary>
internal static class TestApp
{
    public static async Task<WebApplication> StartAsync(
        (string Name, string Value)[]? settings = null,
        Action<WebApplicationBuilder>? configure = null,
        Action<WebApplication>? map = null,
        string environment = "Production",
        string urls = "http://127.0.0.1:0")
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseUrls(urls);
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection((settings ?? []).ToDictionary(setting => setting.Name, setting => (string?)setting.Value));
        builder.AddServiceDefaults();
        configure?.Invoke(builder);

        WebApplication app = builder.Build();
        app.MapDefaultEndpoints();
        map?.Invoke(app);
        await app.StartAsync();
        return app;
    }

    public static HttpClient Connect(this WebApplication app, int url = 0) => new() { BaseAddress = new Uri(app.Urls.ElementAt(url)) };
}
