using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.ServiceDefaults.Management;

namespace OpenClaw.ServiceDefaults.Tests;

/// <summary>A service with the defaults on real Kestrel, on free loopback ports.</summary>
internal static class TestApp
{
    public static async Task<WebApplication> StartAsync(
        (string Name, string Value)[]? settings = null,
        Action<WebApplicationBuilder>? configure = null,
        Action<WebApplication>? map = null,
        string environment = "Production")
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration["OpenClaw:Management:Port"] = "0";
        builder.Configuration.AddInMemoryCollection(
            (settings ?? []).ToDictionary(setting => setting.Name, setting => (string?)setting.Value));
        builder.AddServiceDefaults();
        configure?.Invoke(builder);

        WebApplication app = builder.Build();
        map?.Invoke(app);
        await app.StartAsync();
        return app;
    }

    public static HttpClient Connect(this WebApplication app) => new() { BaseAddress = new Uri(app.Urls.First()) };

    /// <summary>A client of the management listener.</summary>
    public static HttpClient ConnectToManagement(this WebApplication app) =>
        new() { BaseAddress = app.Services.GetRequiredService<ManagementServer>().Address };
}
