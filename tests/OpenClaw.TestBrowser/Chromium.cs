using Microsoft.Playwright;
using OpenClaw.TestServers;

namespace OpenClaw.TestBrowser;

/// <summary>A headless Chromium. Every window has cookies of its own.</summary>
public sealed class Chromium : IAsyncDisposable
{
    public const int Width = 1280;
    private const int Height = 860;

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser)
    {
        _playwright = playwright;
        _browser = browser;
    }

    /// <summary>Starts the installed Chromium; null where there is none.</summary>
    public static async Task<Chromium?> LaunchAsync()
    {
        if (RedisBinary.OnPath("chromium") is not { } program)
        {
            return null;
        }

        Assertions.SetDefaultExpectTimeout(Window.Patience);
        IPlaywright playwright = await Playwright.CreateAsync();
        return new Chromium(playwright, await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            Args = Environment.UserName == "root" ? ["--no-sandbox"] : [],
        }));
    }

    /// <summary>Opens an empty window.</summary>
    /// <param name="colours">What the operating system prefers.</param>
    /// <param name="width">Width of the page, in pixels.</param>
    /// <param name="state">Cookies and storage of another window; null for none.</param>
    public async Task<Window> OpenAsync(ColorScheme colours = ColorScheme.Light, int width = Width, string? state = null)
    {
        IBrowserContext context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = colours,
            StorageState = state,
            ViewportSize = new ViewportSize { Width = width, Height = Height },
        });
        context.SetDefaultTimeout(Window.Patience);
        return new Window(context, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
