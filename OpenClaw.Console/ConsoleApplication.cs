using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using MudBlazor.Services;
using OpenClaw.Console.Components;
using OpenClaw.Console.Components.Layout;
using OpenClaw.Console.Components.Theming;
using OpenClaw.Console.Edge;
using OpenClaw.Console.Live;
using OpenClaw.Console.Options;
using OpenClaw.Console.Security;
using OpenClaw.Console.SignIn;

namespace OpenClaw.Console;

/// <summary>The console, from Kestrel to its pages.</summary>
internal static class ConsoleApplication
{
    // The editor sends the rules document of at most 1 MiB, with JSON escapes.
    private const int MaxMessageBytes = 4 * 1024 * 1024;

    /// <summary>Builds the service; it does not listen before it is started.</summary>
    /// <param name="args">Settings, as on the command line.</param>
    /// <param name="configure">Further changes of the builder, made last.</param>
    public static WebApplication Create(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.AddServiceDefaults();
        builder.AddConsoleOptions();
        builder.AddConsoleSignIn();
        builder.AddEdgeClient();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<UsageFeed>();
        builder.Services.AddSingleton<ThemeStylesheet>();
        builder.Services.AddScoped<Notices>();
        builder.Services.AddMudServices();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.Configure<Microsoft.AspNetCore.SignalR.HubOptions>(hub => hub.MaximumReceiveMessageSize = MaxMessageBytes);
        AddDataProtection(builder);
        configure?.Invoke(builder);

        WebApplication app = builder.Build();

        // All errors at once: what follows would stop at the first invalid section.
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        app.UseConsoleForwardedHeaders();
        app.UseMiddleware<SecurityHeadersMiddleware>();
        app.UseExceptionHandler("/error", createScopeForErrors: true);
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapStaticAssets().AllowAnonymous();
        app.MapGet("/theme.css", (ThemeStylesheet theme) => TypedResults.Text(theme.Text, "text/css")).AllowAnonymous();
        app.MapSignIn();
        app.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(mode => mode.ContentSecurityFrameAncestorsPolicy = null)
            .RequireAuthorization();
        WarnOfTemporaryKeys(app);
        return app;
    }

    private static void AddDataProtection(WebApplicationBuilder builder)
    {
        IDataProtectionBuilder protection = builder.Services.AddDataProtection().SetApplicationName("OpenClaw.Console");
        if (builder.Configuration[$"{ConsoleOptions.Section}:{nameof(ConsoleOptions.KeyFolder)}"] is { Length: > 0 } folder)
        {
            protection.PersistKeysToFileSystem(new DirectoryInfo(folder));
        }
    }

    private static void WarnOfTemporaryKeys(WebApplication app)
    {
        ConsoleOptions options = app.Services.GetRequiredService<IOptions<ConsoleOptions>>().Value;
        if (options.KeyFolder.Length == 0 && !app.Environment.IsDevelopment())
        {
            Log.TemporaryKeys(app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ConsoleApplication).FullName!));
        }
    }
}
