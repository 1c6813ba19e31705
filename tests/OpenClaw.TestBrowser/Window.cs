using System.Collections.Concurrent;
using Microsoft.Playwright;
using Xunit;

namespace OpenClaw.TestBrowser;

/// <summary>A browser window with cookies of its own. Records errors of the page and requests to other
/// hosts. Disposing it fails the test when the page has violated its content security policy.</summary>
public sealed class Window : IAsyncDisposable
{
    /// <summary>How long anything is waited for, in milliseconds.</summary>
    public const int Patience = 15_000;

    private readonly IBrowserContext _context;

    internal Window(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                Errors.Enqueue(message.Text);
            }
        };
        page.PageError += (_, error) => Errors.Enqueue(error);
        page.Request += (_, request) => Hosts.TryAdd(new Uri(request.Url).Authority, request.Url);
    }

    public IPage Page { get; }

    public ConcurrentQueue<string> Errors { get; } = new();

    public ConcurrentDictionary<string, string> Hosts { get; } = new();

    /// <summary>The text of the page, without its frame.</summary>
    public ILocator Content => Page.Locator("main");

    /// <summary>Waits until the page shows a text.</summary>
    public Task SeeAsync(string text, float seconds = 15) =>
        Assertions.Expect(Content).ToContainTextAsync(text, new() { Timeout = seconds * 1000 });

    /// <summary>Waits until the page does not show a text.</summary>
    public Task SeeNoAsync(string text) => Assertions.Expect(Content).Not.ToContainTextAsync(text, new() { Timeout = Patience });

    /// <summary>Presses a button, within an element or anywhere.</summary>
    public Task PressAsync(string button, ILocator? within = null) =>
        (within ?? Page.Locator("body")).GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    /// <summary>Presses a button twice before the page can react, as a double click does on a slow connection.</summary>
    public Task PressTwiceAsync(string button, ILocator? within = null) =>
        (within ?? Page.Locator("body")).GetByRole(AriaRole.Button, new() { Name = button, Exact = true })
            .EvaluateAsync("button => { button.click(); button.click(); }");

    /// <summary>Fills in the console's sign-in page.</summary>
    /// <param name="address">Address of the console.</param>
    /// <param name="key">The admin key.</param>
    /// <param name="name">Name of the operator.</param>
    public async Task SignInAsync(string address, string key, string name)
    {
        await Page.GotoAsync($"{address}/sign-in?returnPath=/not-found");
        await Page.GetByLabel("Admin key").FillAsync(key);
        await Page.GetByLabel("Your name").FillAsync(name);
        await PressAsync("Sign in");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).WaitForAsync();
    }

    /// <summary>Cookies and storage, for another window.</summary>
    public Task<string> StateAsync() => _context.StorageStateAsync();

    /// <summary>The open dialog.</summary>
    public ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        Assert.DoesNotContain(Errors, error => error.Contains("Content Security Policy", StringComparison.Ordinal));
    }
}
