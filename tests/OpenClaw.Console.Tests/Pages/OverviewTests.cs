using Microsoft.Playwright;
using OpenClaw.Console.Tests.Hosting;
using OpenClaw.TestBrowser;

namespace OpenClaw.Console.Tests.Pages;

[Collection(BrowserCollection.Name)]
public sealed class OverviewTests(Browser browser) : PageTests(browser)
{
    [Fact]
    public async Task Usage_Changed_IsShownWithinTwoSeconds()
    {
        await using Window window = await Browser.OpenAsync();
        await window.SeeAsync("Live");
        ILocator row = window.Page.GetByRole(AriaRole.Group, new() { Name = "Policies" }).GetByRole(AriaRole.Row).Filter(
            new() { HasText = "rating" });
        await Assertions.Expect(row).ToContainTextAsync("12.0");

        try
        {
            Browser.Edge.Usage.DeniedPerSecond = 77.7;
            await Assertions.Expect(row).ToContainTextAsync("77.7", new() { Timeout = 2_000 });
        }
        finally
        {
            Browser.Edge.Usage.DeniedPerSecond = 12;
        }
    }

    [Fact]
    public async Task Panels_EdgeAnswers_ShowTheFleet()
    {
        await using Window window = await Browser.OpenAsync();

        await Assertions.Expect(window.Page.GetByRole(AriaRole.Img,
            new() { NameRegex = new("^Admitted per second, last 15 minutes. Now: address 212, rating 148, search 64.2") }))
            .ToBeVisibleAsync();
        await Assertions.Expect(
            window.Page.GetByRole(AriaRole.Img, new() { NameRegex = new("^Denied per second, last 15 minutes. Now: ") }))
            .ToBeVisibleAsync();
        await window.SeeAsync("edge-3");
        await window.SeeAsync("closed decides with Redis");
        await window.SeeAsync("Deny cache");
        await window.SeeAsync("0.41");
        // Curves are as long as the history.
        await Assertions.Expect(window.Page.Locator(".chart path").Nth(5)).ToBeAttachedAsync();
        // Pages ask twice a second: that is no news.
        Assert.DoesNotContain(Browser.Console.Output, line => line.Contains("HTTP request", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TopClient_Clicked_OpensTheClient()
    {
        Browser.Edge.Buckets.Set("acme", 14);
        await using Window window = await Browser.OpenAsync();
        ILocator top = window.Page.GetByRole(AriaRole.Group, new() { Name = "Top clients" });
        await Assertions.Expect(top).ToContainTextAsync("512");
        await window.Page.GetByLabel("Window").SelectOptionAsync("hour");
        await Assertions.Expect(top).ToContainTextAsync("20,412");
        await Assertions.Expect(top.GetByRole(AriaRole.Link, new() { Name = "203.0.113.7" })).ToHaveAttributeAsync("href",
            "addresses/203.0.113.7");

        await top.GetByRole(AriaRole.Link, new() { Name = "acme" }).ClickAsync();

        await Assertions.Expect(window.Page).ToHaveTitleAsync("acme · OpenClaw");
        await window.SeeAsync("14 of 20 tokens");
    }

    [Fact]
    public async Task CircuitAndStore_Open_AreShownWithTheReason()
    {
        await using Window window = await Browser.OpenAsync();
        await window.SeeAsync("Live");
        try
        {
            (Browser.Edge.Usage.Circuit, Browser.Edge.Usage.Store) = ("open", "down");

            await window.SeeAsync("open decides without Redis");
            await window.SeeAsync("Redis did not answer in 50 ms.");
            await window.SeeAsync("Redis does not answer: every replica decides by the policies' failure modes");
        }
        finally
        {
            (Browser.Edge.Usage.Circuit, Browser.Edge.Usage.Store) = ("closed", "up");
        }
    }

    [Fact]
    public async Task Stream_Broken_ShowsTheAgeAndComesBack()
    {
        await using Window window = await Browser.OpenAsync();
        await window.SeeAsync("Live");
        try
        {
            Browser.Edge.GoAway();

            await window.SeeAsync("Running edges still enforce the limits; the numbers below are the last known.");
            await window.SeeAsync("Numbers are 2 s old");
            await window.SeeAsync("edge-3");
        }
        finally
        {
            Browser.Edge.ComeBack();
        }

        await window.SeeAsync("Live");
        await window.SeeNoAsync("the last known");
    }

    [Fact]
    public async Task TopClients_EdgeAwayWhenTheRankingIsChanged_KeepTheirHeading()
    {
        await using Window window = await Browser.OpenAsync();
        ILocator top = window.Page.GetByRole(AriaRole.Group, new() { Name = "Top clients" });
        await Assertions.Expect(top).ToContainTextAsync("512");
        Browser.Edge.GoAway();
        try
        {
            await window.Page.GetByLabel("Ranked by").SelectOptionAsync("admitted");
            await window.SeeAsync("The list below is the last known.");

            await Assertions.Expect(top.Locator("thead")).ToContainTextAsync("denied");
        }
        finally
        {
            Browser.Edge.ComeBack();
        }

        await Assertions.Expect(top.Locator("thead")).ToContainTextAsync("admitted");
    }

    [Fact]
    public async Task SignOut_Pressed_EndsTheSignInOfEveryOpenPage()
    {
        await using Window window = await Browser.OpenAsync(name: "carol@example.com");
        await window.SeeAsync("Live");
        IPage other = await window.Page.Context.NewPageAsync();
        await other.GotoAsync($"{Browser.Address}/clients/acme");
        await other.GetByRole(AriaRole.Button, new() { Name = "Reset…" }).ClickAsync();
        await other.GetByLabel("Reason").FillAsync("Too late");

        await window.PressAsync("Sign out");

        await Assertions.Expect(window.Page.GetByLabel("Admin key")).ToBeVisibleAsync();
        await window.Page.GotoAsync($"{Browser.Address}/audit");
        await Assertions.Expect(window.Page).ToHaveURLAsync($"{Browser.Address}/sign-in?returnPath=%2Faudit");
        await Assertions.Expect(other.GetByText("You are signed out")).ToBeVisibleAsync();
        await Assertions.Expect(other.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }
}
