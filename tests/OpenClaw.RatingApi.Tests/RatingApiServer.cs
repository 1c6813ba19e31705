using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.ServiceDefaults.Management;

namespace OpenClaw.RatingApi.Tests;

/// <summary>The service on real Kestrel, on a free loopback port.</summary>
public sealed class RatingApiServer : WebApplicationFactory<Program>
{
    private readonly (string Name, string Value)[] _settings;

    /// <summary>The service as configured by its appsettings.json.</summary>
    public RatingApiServer() : this([])
    {
    }

    internal RatingApiServer(params (string Name, string Value)[] settings)
    {
        _settings = settings;
        UseKestrel();
    }

    /// <summary>Answers when this returns.</summary>
    public HttpClient Connect()
    {
        StartServer();
        return new HttpClient { BaseAddress = ClientOptions.BaseAddress };
    }

    /// <summary>A client of the management listener, once the service has started.</summary>
    public HttpClient ConnectToManagement() => new() { BaseAddress = Services.GetRequiredService<ManagementServer>().Address };

    /// <inheritdoc/>
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseUrls("http://127.0.0.1:0");
        builder.UseSetting("OpenClaw:Management:Port", "0");
        foreach ((string name, string value) in _settings)
        {
            builder.UseSetting(name, value);
        }
    }
}
