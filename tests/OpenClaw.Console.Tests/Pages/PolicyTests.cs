using Microsoft.Playwright;
using OpenClaw.Console.Tests.Fakes;
using OpenClaw.Console.Tests.Hosting;
using OpenClaw.TestBrowser;

namespace OpenClaw.Console.Tests.Pages;

[Collection(BrowserCollection.Name)]
public sealed class PolicyTests(Browser browser) : PageTests(browser)
{
    [Fact]
    public async Task InForce_PoliciesAndLists_SayWhereTheyComeFrom()
    {
        await using Window window = await Browser.OpenAsync("/policies");

        ILocator search = window.Page.Locator("tbody tr").Filter(new() { HasText = "search" });
        await Assertions.Expect(search).ToContainTextAsync("Redis document");
        await Assertions.Expect(window.Page.Locator("tbody tr").Filter(new() { HasText = "every request" })).ToContainTextAsync(
            "configuration");
        await window.SeeAsync("1, route ratings 2");
        await window.SeeAsync("10,000 / 1 day");
        await window.SeeAsync("2001:db8:bad::/48");
        await window.SeeAsync("10.0.0.0/8");
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task InForce_NarrowWindow_ShowsAllColumnsWithoutScrollingSideways(ColorScheme colours)
    {
        await using Window window = await Browser.OpenAsync("/policies", colours: colours, width: 600);
        await window.SeeAsync("10,000 / 1 day");

        ILocator table = window.Page.GetByRole(AriaRole.Group, new() { Name = "Policies in force" });
        Assert.True(await table.EvaluateAsync<bool>("table => table.scrollWidth <= table.clientWidth"));
        Assert.True(await window.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        if (Environment.GetEnvironmentVariable("OPENCLAW_PICTURES") is { Length: > 0 } folder)
        {
            await window.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"policies-600-{colours}.png"), FullPage = true });
        }
    }

    [Fact]
    public async Task Try_ARequest_ShowsTheAnswer()
    {
        await using Window window = await Browser.OpenAsync("/policies/try");
        await Assertions.Expect(window.Page.GetByLabel("Policy", new() { Exact = true })).ToHaveValueAsync("address");
        await window.Page.GetByLabel("Policy", new() { Exact = true }).FillAsync("rating");
        await window.Page.GetByLabel("Client (").FillAsync("acme");

        await window.PressAsync("Try");

        await window.SeeAsync("limited costs 1, retry after 0.2 s");
        await window.Page.GetByLabel("Policy", new() { Exact = true }).FillAsync("ratings");
        await window.PressAsync("Try");
        await window.SeeAsync("There is no policy 'ratings'; there are: address, rating, search.");
    }

    [Fact]
    public async Task Document_WrittenByKeyboard_IsCompletedCheckedComparedAndApplied()
    {
        await using Window window = await Browser.OpenAsync("/policies/document");
        ILocator editor = window.Page.GetByLabel("Rules document");
        await Assertions.Expect(editor).ToHaveValueAsync(Browser.Edge.Rules.Current.Text);
        await window.SeeAsync("Valid.");

        // A name that is no setting is found while typing.
        await editor.FillAsync("{ \"Polices\": {} }");
        await window.SeeAsync("Polices is not a setting");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Button, new() { Name = "Apply…" })).ToBeDisabledAsync();

        // Names are suggested: a setting of the schema, and clients and tiers in force.
        await editor.FillAsync("");
        await editor.PressSequentiallyAsync("{ \"cl");
        await TakeAsync(window, "Clients");
        await editor.PressSequentiallyAsync("{ \"ac");
        await TakeAsync(window, "acme");
        await editor.PressSequentiallyAsync("{ \"Ti");
        await TakeAsync(window, "Tier");
        await window.Page.Keyboard.PressAsync("Control+Space");
        await TakeAsync(window, "gold");
        await editor.PressSequentiallyAsync(" } } }");
        await Assertions.Expect(editor).ToHaveValueAsync("""{ "Clients": { "acme": { "Tier": "gold" } } }""");

        await window.SeeAsync("Valid.");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Group, new() { Name = "Changes" })).ToContainTextAsync(
            "added: { \"Clients\"");
        await window.PressAsync("Apply…");
        string before = $"{Browser.Edge.Rules.Current.Version}";
        await Assertions.Expect(window.Dialog).ToContainTextAsync($"replaces version {before}");
        await window.Dialog.GetByLabel("Reason").FillAsync("Acme pays for gold");
        await window.PressAsync("Apply on every replica", window.Dialog);
        await Assertions.Expect(window.Dialog).ToHaveCountAsync(0);
        Assert.Equal("""{ "Clients": { "acme": { "Tier": "gold" } } }""", Browser.Edge.Rules.Current.Text);

        // And back again.
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Earlier versions" }).ClickAsync();
        await window.SeeAsync("alice@example.com“Acme pays for gold”");
        await window.PressAsync($"Compare version {before}");
        await window.PressAsync($"Restore version {before}…");
        await window.PressAsync("Apply on every replica", window.Dialog);
        await Assertions.Expect(window.Dialog).ToHaveCountAsync(0);
        Assert.Equal(Browser.Edge.Rules.Text(before), Browser.Edge.Rules.Current.Text);
    }

    [Fact]
    public async Task Document_ChangedBySomebodyElse_KeepsTheTextAndSaysSo()
    {
        await using Window window = await Browser.OpenAsync("/policies/document");
        ILocator editor = window.Page.GetByLabel("Rules document");
        await Assertions.Expect(editor).ToHaveValueAsync(Browser.Edge.Rules.Current.Text);
        await editor.FillAsync("{ \"Allow\": { \"Clients\": [\"acme\"] } }");
        await window.SeeAsync("Valid.");
        await window.PressAsync("Apply…");
        await Assertions.Expect(window.Dialog).ToBeVisibleAsync();

        string? other = Browser.Edge.Rules.Write(FakeRules.First, $"\"{Browser.Edge.Rules.Current.Version}\"", "bob@example.com");
        await window.PressAsync("Apply on every replica", window.Dialog);

        await Assertions.Expect(window.Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Another version");
        await window.PressAsync("Cancel", window.Dialog);
        await window.SeeAsync($"Version {other} was written meanwhile.");
        await Assertions.Expect(editor).ToHaveValueAsync("{ \"Allow\": { \"Clients\": [\"acme\"] } }");
        await window.PressAsync("Discard my changes and show it");
        await Assertions.Expect(editor).ToHaveValueAsync(FakeRules.First);
    }

    [Fact]
    public async Task Try_BeforeThePageIsConnected_CannotBeFilledIn()
    {
        await using Window window = await Browser.OpenAsync("/not-found");
        TaskCompletionSource held = new();
        await window.Page.RouteAsync("**/_framework/blazor.web*.js", async route =>
        {
            await held.Task;
            await route.ContinueAsync();
        });
        await window.Page.GotoAsync($"{Browser.Address}/policies/try", new() { WaitUntil = WaitUntilState.Commit });
        ILocator client = window.Page.GetByLabel("Client (");
        await Assertions.Expect(client).ToBeDisabledAsync();

        held.SetResult();
        await client.FillAsync("acme");
        await window.Page.GetByLabel("Policy", new() { Exact = true }).FillAsync("rating");
        await window.PressAsync("Try");

        await window.SeeAsync("limited costs 1");
        await Assertions.Expect(client).ToHaveValueAsync("acme");
    }

    [Fact]
    public async Task Document_BeforeItsTextIsShown_CannotBeWritten()
    {
        await using Window window = await Browser.OpenAsync("/policies");
        TaskCompletionSource held = new();
        await window.Page.RouteAsync("**/js/editor.js", async route =>
        {
            await held.Task;
            await route.ContinueAsync();
        });
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Redis document" }).ClickAsync();
        await window.SeeAsync("Valid.");
        ILocator editor = window.Page.GetByLabel("Rules document");
        await Assertions.Expect(editor).Not.ToBeEditableAsync();

        held.SetResult();
        await editor.FillAsync("{}");

        await Assertions.Expect(window.Page.GetByRole(AriaRole.Button, new() { Name = "Apply…" })).ToBeEnabledAsync();
        await Assertions.Expect(editor).ToHaveValueAsync("{}");
    }

    [Fact]
    public async Task Document_FormattedAtOnceAfterTyping_FormatsWhatWasTyped()
    {
        await using Window window = await Browser.OpenAsync("/policies/document");
        ILocator editor = window.Page.GetByLabel("Rules document");
        await Assertions.Expect(editor).ToHaveValueAsync(Browser.Edge.Rules.Current.Text);

        await editor.FillAsync("""{"Deny":{"Clients":["acme"]}}""");
        await window.PressAsync("Format");

        await Assertions.Expect(editor).ToHaveValueAsync("""
            {
              "Deny": {
                "Clients": [
                  "acme"
                ]
              }
            }
            """);
    }

    [Fact]
    public async Task Document_ChangedBySomebodyElse_KeepsUnreportedText()
    {
        await using Window window = await Browser.OpenAsync("/policies/document");
        ILocator editor = window.Page.GetByLabel("Rules document");
        await Assertions.Expect(editor).ToHaveValueAsync(Browser.Edge.Rules.Current.Text);

        // As if the report had been lost with the connection.
        await editor.EvaluateAsync("area => area.value = '{}'");
        string? other = Browser.Edge.Rules.Write("{ \"Allow\": {} }", $"\"{Browser.Edge.Rules.Current.Version}\"", "bob@example.com");

        await window.SeeAsync($"Version {other} was written meanwhile.");
        await Assertions.Expect(editor).ToHaveValueAsync("{}");
    }

    [Fact]
    public async Task Document_UnchangedWithWindowsLineEnds_FollowsTheNextVersion()
    {
        Browser.Edge.Rules.Write("{\r\n}\r\n", $"\"{Browser.Edge.Rules.Current.Version}\"", "bob@example.com");
        await using Window window = await Browser.OpenAsync("/policies/document");
        ILocator editor = window.Page.GetByLabel("Rules document");
        await Assertions.Expect(editor).ToHaveValueAsync("{\n}\n");
        await window.SeeAsync("Valid.");

        Browser.Edge.Rules.Write(FakeRules.First, $"\"{Browser.Edge.Rules.Current.Version}\"", "bob@example.com");

        await Assertions.Expect(editor).ToHaveValueAsync(FakeRules.First);
        await window.SeeNoAsync("was written meanwhile");
    }

    private static async Task TakeAsync(Window window, string suggestion)
    {
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Listbox).GetByRole(AriaRole.Option).First).ToContainTextAsync(suggestion);
        await window.Page.Keyboard.PressAsync("Enter");
    }
}
