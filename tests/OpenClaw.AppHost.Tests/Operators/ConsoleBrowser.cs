using Aspire.Hosting.Testing;
using Microsoft.Playwright;
using OpenClaw.AppHost.Tests.Operators;
using OpenClaw.TestBrowser;
using OpenClaw.TestServers;

[assembly: AssemblyFixture(typeof(ConsoleBrowser))]

namespace OpenClaw.AppHost.Tests.Operators;

/// <summary>Operators' browsers at the console of a running graph. Chromium starts with the first of them.</summary>
public sealed class ConsoleBrowser : IAsyncDisposable
{
    private readonly Lazy<Task<Chromium?>> _chromium = new(Chromium.LaunchAsync);

    // Sign-ins are rate limited, so there is one for each console.
    private readonly Dictionary<(string Console, string Name), string> _signedIn = [];

    /// <summary>Opens a page of the console in a window of its own, signed in with the admin key.</summary>
    internal async Task<Window> OpenAsync(
        Stack stack, string path, string name = "alice@example.com", ColorScheme colours = ColorScheme.Light, int width = 1280)
    {
        var address = AddressOf(stack);
        if (!_signedIn.TryGetValue((address, name), out var state))
        {
            await using var first = await OpenSignedOutAsync();
            await first.SignInAsync(address, (await stack.AdminKey.GetValueAsync(CancellationToken.None))!, name);
            state = _signedIn[(address, name)] = await first.StateAsync();
        }

        var window = await (await GetAsync()).OpenAsync(colours, width, state);
        await window.Page.GotoAsync(address + path);
        return window;
    }

    /// <summary>Opens an empty window, signed out.</summary>
    internal async Task<Window> OpenSignedOutAsync(ColorScheme colours = ColorScheme.Light, int width = 1280) =>
        await (await GetAsync()).OpenAsync(colours, width);

    internal static string AddressOf(Stack stack) => stack.App.GetEndpoint("console", "http").ToString().TrimEnd('/');

    public async ValueTask DisposeAsync()
    {
        if (_chromium.IsValueCreated && await _chromium.Value is { } chromium)
        {
            await chromium.DisposeAsync();
        }
    }

    private async Task<Chromium> GetAsync()
    {
        Requires.Commands("chromium");
        return (await _chromium.Value)!;
    }
}
