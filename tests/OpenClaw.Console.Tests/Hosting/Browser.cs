using Microsoft.Playwright;
using OpenClaw.Console.Tests.Fakes;
using OpenClaw.TestServers;

namespace OpenClaw.Console.Tests.Hosting;

/// <summary>Chromium, a console and a fake edge for the tests of the collection.</summary>
public sealed class Browser : IAsyncLifetime
{
    private readonly Dictionary<string, string> _signedIn = [];
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

        Assertions.SetDefaultExpectTimeout(15_000);
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

    /// <summary>Opens a browser window of its own, signed in with the admin key.</summary>
    internal async Task<Window> OpenAsync(string path = "/", string name = "alice@example.com", ColorScheme colours = ColorScheme.Light)
    {
        Window window = await CreateAsync(await SignInAsync(name), colours);
        await window.Page.GotoAsync(Address + path);
        return window;
    }

    /// <summary>Opens a browser window of its own, signed out.</summary>
    internal Task<Window> OpenSignedOutAsync(ColorScheme colours = ColorScheme.Light) => CreateAsync(null, colours);

    // Signing in is slowed, so everybody signs in once.
    private async Task<string> SignInAsync(string name)
    {
        if (_signedIn.TryGetValue(name, out string? state))
        {
            return state;
        }

        await using Window window = await CreateAsync(null, ColorScheme.Light);
        await window.Page.GotoAsync($"{Address}/sign-in?returnPath=/not-found");
        await window.Page.GetByLabel("Admin key").FillAsync(FakeEdge.Key);
        await window.Page.GetByLabel("Your name").FillAsync(name);
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).WaitForAsync();
        return _signedIn[name] = await window.Page.Context.StorageStateAsync();
    }

    private async Task<Window> CreateAsync(string? state, ColorScheme colours)
    {
        Requires.Commands("chromium");
        IBrowserContext context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = colours,
            StorageState = state,
            ViewportSize = new ViewportSize { Width = 1280, Height = 860 },
        });
        context.SetDefaultTimeout(15_000);
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
