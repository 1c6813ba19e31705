using Microsoft.Playwright;
using OpenClaw.Console.Tests.Fakes;
using OpenClaw.TestServers;

namespace OpenClaw.Console.Tests.Hosting;

/// <summary>Chromium, a console and a fake edge for the tests of one class.</summary>
public sealed class Browser : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private ConsoleServer? _console;

    public FakeEdge Edge { get; private set; } = null!;

    public string Address => Console.Address;

    internal ConsoleServer Console => _console!;

    public async ValueTask InitializeAsync()
    {
        if (RedisBinary.OnPath("chromium") is not { } chromium)
        {
            return;
        }

        Edge = await FakeEdge.StartAsync();
        Task<ConsoleServer> console = ConsoleServer.StartAsync(Edge.Address);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = chromium,
            Args = Environment.UserName == "root" ? ["--no-sandbox"] : [],
        });
        _console = await console;
    }

    /// <summary>A browser window of its own, signed in with the admin key. Its messages of errors fail the test when it is disposed.</summary>
    internal async Task<Window> OpenAsync(string path = "/", string name = "alice@example.com", ColorScheme colours = ColorScheme.Light)
    {
        Window window = await OpenSignedOutAsync(colours);
        await window.Page.GotoAsync($"{Address}/sign-in?returnPath={Uri.EscapeDataString(path)}");
        await window.Page.GetByLabel("Admin key").FillAsync(FakeEdge.Key);
        await window.Page.GetByLabel("Your name").FillAsync(name);
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).WaitForAsync();
        return window;
    }

    /// <summary>A browser window of its own.</summary>
    internal async Task<Window> OpenSignedOutAsync(ColorScheme colours = ColorScheme.Light)
    {
        Requires.Commands("chromium");
        IBrowserContext context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = colours,
            ViewportSize = new ViewportSize { Width = 1280, Height = 860 },
        });
        context.SetDefaultTimeout(10_000);
        return new Window(context, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
            _playwright!.Dispose();
            _console!.Dispose();
            await Edge.DisposeAsync();
        }
    }
}
