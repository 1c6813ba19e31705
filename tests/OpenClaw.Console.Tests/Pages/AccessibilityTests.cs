using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using OpenClaw.Console.Tests.Fakes;
using OpenClaw.Console.Tests.Hosting;
using OpenClaw.TestBrowser;

namespace OpenClaw.Console.Tests.Pages;

// With a browser and a console of its own, beside the other tests of pages: it takes a third of their time.
public sealed class AccessibilityTests(Browser browser) : PageTests(browser), IClassFixture<Browser>
{
    // Colours change over a few frames.
    private const string Settled =
        "Promise.all(document.getAnimations().filter(each => each instanceof CSSTransition).map(each => each.finished.catch(() => {})))";

    // The list of passed rules is long and not needed.
    private static readonly AxeRunOptions EveryRule = new() { ResultTypes = [ResultType.Violations] };
    private static readonly AxeRunOptions RulesOfColour = new()
    {
        ResultTypes = [ResultType.Violations],
        RunOnly = RunOnlyOptions.Rules("color-contrast", "link-in-text-block"),
    };

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
        ("/policies/try", "A trial charges nothing"),
        ("/events", "Tokens granted"),
        ("/events/failed", "Retry"),
        ("/audit", "admin key"),
        ("/not-found", "There is no such page"),
    ];

    [Fact]
    public async Task EveryPage_InBothColours_HasNoViolationAndLoadsNothingFromElsewhere()
    {
        FillEdge();
        await using Window window = await Browser.OpenAsync("/not-found");
        foreach ((string path, string text) in Pages)
        {
            await window.Page.GotoAsync(Browser.Address + path);
            await window.SeeAsync(text);
            await CheckAsync(window, path);
        }

        // A refused script or style is an error here.
        Assert.Empty(window.Errors);
        Assert.Equal([new Uri(Browser.Address).Authority], window.Hosts.Keys);
    }

    [Fact]
    public async Task Dialogs_Open_HaveNoViolation()
    {
        await using Window window = await Browser.OpenAsync("/clients/initech");
        await window.SeeAsync("14 of 20 tokens");
        await window.PressAsync("Block…");
        await Assertions.Expect(window.Dialog.GetByLabel("Reason")).ToBeVisibleAsync();
        await CheckAsync(window, "dialog");
        await window.PressAsync("Cancel", window.Dialog);

        await window.Page.GotoAsync($"{Browser.Address}/policies/document");
        await window.SeeAsync("Valid.");
        await window.Page.GetByLabel("Rules document").FillAsync("{ ");
        await window.Page.Keyboard.PressAsync("Control+Space");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Listbox)).ToBeVisibleAsync();
        await CheckAsync(window, "suggestions");
        Assert.Empty(window.Errors);
    }

    [Fact]
    public async Task SignIn_Page_HasNoViolation()
    {
        await using Window window = await Browser.OpenSignedOutAsync();
        await window.Page.GotoAsync($"{Browser.Address}/clients/acme");
        await Assertions.Expect(window.Page.GetByLabel("Admin key")).ToBeFocusedAsync();

        await CheckAsync(window, "sign-in");
        Assert.Empty(window.Errors);
    }

    [Fact]
    public async Task Colours_Chosen_OutliveThePage()
    {
        await using Window window = await Browser.OpenAsync("/not-found", colours: ColorScheme.Light);
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

    // Every rule, and those about colours again in the dark: the rest of the page is the same.
    private static async Task CheckAsync(Window window, string what)
    {
        (ColorScheme, AxeRunOptions)[] runs = [(ColorScheme.Light, EveryRule), (ColorScheme.Dark, RulesOfColour)];
        foreach ((ColorScheme colours, AxeRunOptions rules) in runs)
        {
            await window.Page.EmulateMediaAsync(new() { ColorScheme = colours });
            await window.Page.EvaluateAsync(Settled);
            AxeResult result = await window.Page.RunAxe(rules);
            Assert.True(result.Violations.Length == 0, $"{what}, {colours}:\n{string.Join('\n', result.Violations.Select(Describe))}");
        }
    }

    private static string Describe(AxeResultItem violation) => $"{violation.Id}: {violation.Help}\n" + string.Join(
        '\n',
        violation.Nodes.Select(node => $"  {node.Html}  {string.Join("; ", node.Any.Concat(node.All).Select(check => check.Message))}"));

    private void FillEdge()
    {
        FakeEvents events = Browser.Edge.Events;
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
