using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using OpenClaw.Console.Tests.Fakes;
using OpenClaw.Console.Tests.Hosting;

namespace OpenClaw.Console.Tests.Pages;

[Collection(BrowserCollection.Name)]
public sealed class AccessibilityTests(Browser browser)
{
    // A page, and a text that is there when it is complete.
    private static readonly (string Path, string Text)[] Pages =
    [
        ("/", "Live"),
        ("/clients", "initech"),
        ("/clients/acme", "of 20 tokens"),
        ("/addresses/203.0.113.7", "186 of 200"),
        ("/policies", "10,000 / 1 day"),
        ("/policies/document", "Valid."),
        ("/policies/versions", "bob@example.com"),
        ("/policies/try", "Nothing is charged"),
        ("/events", "Tokens granted"),
        ("/events/failed", "Retry"),
        ("/audit", "admin key"),
        ("/not-found", "There is no such page"),
    ];

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task EveryPage_Complete_HasNoViolationAndLoadsNothingFromElsewhere(ColorScheme colours)
    {
        FillEdge();
        await using Window window = await browser.OpenAsync(Pages[0].Path, colours: colours);
        foreach ((string path, string text) in Pages)
        {
            await window.Page.GotoAsync(browser.Address + path);
            await window.SeeAsync(text);
            await CheckAsync(window, path, colours);
        }

        // A refused script or style is an error here.
        Assert.Empty(window.Errors);
        Assert.Equal([new Uri(browser.Address).Authority], window.Hosts.Keys);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Dialogs_Open_HaveNoViolation(ColorScheme colours)
    {
        await using Window window = await browser.OpenAsync("/clients/initech", colours: colours);
        await window.SeeAsync("14 of 20 tokens");
        await window.PressAsync("Block…");
        await Assertions.Expect(window.Dialog.GetByLabel("Reason")).ToBeVisibleAsync();
        await CheckAsync(window, "dialog", colours);
        await window.PressAsync("Cancel", window.Dialog);

        await window.Page.GotoAsync($"{browser.Address}/policies/document");
        await window.SeeAsync("Valid.");
        await window.Page.GetByLabel("Rules document").FillAsync("{ ");
        await window.Page.Keyboard.PressAsync("Control+Space");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Listbox)).ToBeVisibleAsync();
        await CheckAsync(window, "suggestions", colours);
        Assert.Empty(window.Errors);
    }

    [Fact]
    public async Task SignIn_Page_HasNoViolation()
    {
        await using Window window = await browser.OpenSignedOutAsync(ColorScheme.Dark);
        await window.Page.GotoAsync($"{browser.Address}/clients/acme");
        await Assertions.Expect(window.Page.GetByLabel("Admin key")).ToBeFocusedAsync();

        await CheckAsync(window, "sign-in", ColorScheme.Dark);
        Assert.Empty(window.Errors);
    }

    [Fact]
    public async Task Colours_Chosen_OutliveThePage()
    {
        await using Window window = await browser.OpenAsync("/not-found", colours: ColorScheme.Light);
        string light = await BackgroundAsync(window);
        await window.Page.GetByLabel("Colours").SelectOptionAsync("dark");
        await Assertions.Expect(window.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        string dark = await BackgroundAsync(window);
        Assert.NotEqual(light, dark);

        await window.Page.ReloadAsync();

        Assert.Equal(dark, await BackgroundAsync(window));
        await Assertions.Expect(window.Page.GetByLabel("Colours")).ToHaveValueAsync("dark");
    }

    private static Task<string> BackgroundAsync(Window window) =>
        window.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");

    private static async Task CheckAsync(Window window, string what, ColorScheme colours)
    {
        if (Environment.GetEnvironmentVariable("OPENCLAW_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await window.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{colours}{what.Replace('/', '-')}.png") });
        }

        AxeResult result = await window.Page.RunAxe();
        Assert.True(result.Violations.Length == 0, $"{what}:\n{string.Join('\n', result.Violations.Select(Describe))}");
    }

    private static string Describe(AxeResultItem violation) => $"{violation.Id}: {violation.Help}\n" + string.Join(
        '\n',
        violation.Nodes.Select(node => $"  {node.Html}  {string.Join("; ", node.Any.Concat(node.All).Select(check => check.Message))}"));

    private void FillEdge()
    {
        FakeEvents events = browser.Edge.Events;
        DateTimeOffset now = DateTimeOffset.UtcNow;
        object granted = new { Id = "9", Type = "client.granted", Time = now, Client = "acme", Tokens = 5, Operator = "alice" };
        object denied = new
        {
            Id = "10",
            Type = "client.denied",
            Time = now,
            Client = "acme",
            Policy = "rating",
            Denials = 100,
            WindowSeconds = 60,
        };
        events.Audit(null, "block", "address 203.0.113.9", "for 00:10:00", "Scanner", "failed, Redis did not answer");
        events.Add("client.granted", "acme", null, granted);
        events.Add(
            "client.denied", "acme", null, denied,
            new { Channel = "email", To = "ops@acme.example", Status = "delivered", Attempts = 1, At = now });
        events.AddFailed("webhook", "https://acme.example/hooks", "410 Gone", denied);
    }
}
