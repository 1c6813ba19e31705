using Microsoft.Playwright;
using OpenClaw.Console.Tests.Fakes;
using OpenClaw.TestBrowser;
using OpenClaw.TestServers;

namespace OpenClaw.Console.Tests.Hosting;

/// <summary>Chromium, a console and a fake edge for the tests of the collection.</summary>
public sealed class Browser : IAsyncLifetime
{
    private readonly Dictionary<string, string> _signedIn = [];
    private Chromium? _chromium;
    private ConsoleServer? _console;

    public FakeEdge Edge { get; private set; } = null!;

    public string Address => Console.Address;

    internal ConsoleServer Console => _console!;

    public async ValueTask InitializeAsync()
    {
        Edge = await FakeEdge.StartAsync();
        Task<ConsoleServer> console = ConsoleServer.StartAsync(Edge.Address);
        _chromium = await Chromium.LaunchAsync();
        _console = await console;
    }

    /// <summary>Opens a browser window of its own, signed in with the admin key.</summary>
    internal async Task<Window> OpenAsync(
        string path = "/", string name = "alice@example.com", ColorScheme colours = ColorScheme.Light, int width = Chromium.Width)
    {
        Window window = await CreateAsync(await SignInAsync(name), colours, width);
        await window.Page.GotoAsync(Address + path);
        return window;
    }

    /// <summary>Opens a browser window of its own, signed out.</summary>
    internal Task<Window> OpenSignedOutAsync(ColorScheme colours = ColorScheme.Light) => CreateAsync(null, colours, Chromium.Width);

    // Sign-ins are rate limited, so there is only one.
    private async Task<string> SignInAsync(string name)
    {
        if (_signedIn.TryGetValue(name, out string? state))
        {
            return state;
        }

        await using Window window = await CreateAsync(null, ColorScheme.Light, Chromium.Width);
        await window.SignInAsync(Address, FakeEdge.Key, name);
        return _signedIn[name] = await window.StateAsync();
    }

    private Task<Window> CreateAsync(string? state, ColorScheme colours, int width)
    {
        Requires.Commands("chromium");
        return _chromium!.OpenAsync(colours, width, state);
    }

    public async ValueTask DisposeAsync()
    {
        _console?.Dispose();
        if (_chromium is not null)
        {
            await _chromium.DisposeAsync();
        }

        await Edge.DisposeAsync();
    }
}
