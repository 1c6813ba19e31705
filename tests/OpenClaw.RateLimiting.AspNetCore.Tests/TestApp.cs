using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace OpenClaw.RateLimiting.AspNetCore.Tests;

/// <summary>A service on Kestrel with policies, a limiter in memory and a clock that stands still. The header <c>X-User</c> signs
/// in.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestApp(WebApplication app, FakeTimeProvider time)
    {
        _app = app;
        Time = time;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public FakeTimeProvider Time { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a service that answers at <c>/</c> under the policy <c>api</c>.</summary>
    public static async Task<TestApp> StartAsync(
        Action<RateLimiterOptions> configure, Action<IServiceCollection>? services = null, Action<WebApplication>? map = null)
    {
        FakeTimeProvider time = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(time);
        (services ?? (collection => collection.AddInMemoryRateLimiter()))(builder.Services);
        builder.Services.AddRateLimiter(configure);
        WebApplication app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Use((context, next) =>
        {
            if (context.Request.Headers["X-User"].ToString() is { Length: > 0 } user)
            {
                context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, user)], "test"));
            }

            return next(context);
        });
        app.UseRouting();
        app.UseRateLimiter();
        app.MapGet("/", () => "ok").RequireRateLimiting("api");
        map?.Invoke(app);
        await app.StartAsync();
        return new TestApp(app, time);
    }

    public async Task<HttpResponseMessage> GetAsync(string path = "/", string? user = null, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        if (user is not null)
        {
            request.Headers.Add("X-User", user);
        }

        foreach ((string name, string value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
