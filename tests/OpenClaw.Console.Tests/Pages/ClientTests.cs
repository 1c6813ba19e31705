using Microsoft.Playwright;
using OpenClaw.Console.Tests.Fakes;
using OpenClaw.Console.Tests.Hosting;
using OpenClaw.TestBrowser;

namespace OpenClaw.Console.Tests.Pages;

[Collection(BrowserCollection.Name)]
public sealed class ClientTests(Browser browser) : PageTests(browser)
{
    [Fact]
    public async Task Client_Searched_ShowsBucketsDenialsAndContacts()
    {
        Browser.Edge.Buckets.Set("acme", 14);
        await using Window window = await Browser.OpenAsync("/clients");
        await window.SeeAsync("initech");
        await window.SeeAsync("disabled: 403");
        await window.Page.GetByLabel("Client or address").FillAsync("acme");
        await Assertions.Expect(window.Page.Locator("tbody tr")).ToHaveCountAsync(1);

        await window.PressAsync("Show");

        await Assertions.Expect(window.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Client acme");
        await window.SeeAsync("14 of 20 tokens · full in 1.2 s");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Progressbar, new() { Name = "burst: 14 of 20 tokens" })).ToBeVisibleAsync();
        await window.SeeAsync("shadow");
        await window.SeeAsync("ops@acme.example, https://acme.example/hooks/ratelimit");
        await window.SeeAsync("20,412");
    }

    [Fact]
    public async Task Address_Searched_ShowsItsBuckets()
    {
        await using Window window = await Browser.OpenAsync("/clients");
        await window.SeeAsync("acme");
        await window.Page.GetByLabel("Client or address").FillAsync("2001:db8::1");
        await window.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(window.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Address 2001:db8::1");
        await window.SeeAsync("186 of 200 tokens");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Heading, new() { Name = "address tier gold" })).ToBeVisibleAsync();
        await Assertions.Expect(window.Page.Locator(".rail a.active")).ToHaveTextAsync("Clients");
    }

    [Fact]
    public async Task Client_Unknown_IsSaid()
    {
        await using Window window = await Browser.OpenAsync("/clients/nobody");

        await window.SeeAsync("There is no client 'nobody'.");
    }

    [Fact]
    public async Task Actions_WithAReason_AreSeenInAnotherBrowserAndInTheAuditTrail()
    {
        Browser.Edge.Buckets.Set("acme", 2);
        await using Window alice = await Browser.OpenAsync("/clients/acme");
        await using Window bob = await Browser.OpenAsync("/clients/acme", "bob@example.com");
        await bob.SeeAsync("2 of 20 tokens");
        await alice.SeeAsync("2 of 20 tokens");

        await alice.PressAsync("Grant…");
        await alice.Dialog.GetByLabel("Tokens").FillAsync("5");
        await ConfirmAsync(alice, "Grant client acme", "Their batch job had to run twice");
        await bob.SeeAsync("7 of 20 tokens");

        await bob.PressAsync("Block…");
        await bob.Dialog.GetByLabel("For", new() { Exact = true }).FillAsync("2");
        await bob.Dialog.GetByLabel("Unit").SelectOptionAsync("hours");
        await ConfirmAsync(bob, "Block client acme", "Scraping");
        await alice.SeeAsync("Blocked for another 1 h 59 min");
        await alice.SeeNoAsync("Redis does not answer");
        await alice.SeeAsync("for 2 h, by bob@example.com: “Scraping”");

        await alice.PressAsync("Unblock…");
        await ConfirmAsync(alice, "Unblock client acme", "They stopped");
        await bob.SeeNoAsync("Blocked for another");

        await bob.PressAsync("Reset…");
        await ConfirmAsync(bob, "Reset client acme", "Fresh start");
        await alice.SeeAsync("20 of 20 tokens · full");

        await Assertions.Expect(bob.Page.Locator(".notices")).ToContainTextAsync("Reset client acme: done.");
        await alice.Page.GetByRole(AriaRole.Link, new() { Name = "Audit trail" }).ClickAsync();
        await alice.SeeAsync("Changes by operators");
        await alice.SeeAsync("Fresh start");
        foreach (string[] entry in (string[][])
            [
                ["alice@example.com", "grant", "client acme", "5 tokens", "Their batch job had to run twice", "done"],
                ["bob@example.com", "block", "client acme", "for 2 h", "Scraping", "done"],
                ["alice@example.com", "unblock", "client acme", "", "They stopped", "done"],
                ["bob@example.com", "reset", "client acme", "", "Fresh start", "done"],
            ])
        {
            ILocator row = alice.Page.Locator("tbody tr").Filter(new() { HasText = entry[4] });
            Assert.Equal(entry, (await row.Locator("td").AllInnerTextsAsync()).Skip(1).Select(text => text.Trim()));
        }

        Assert.All(Browser.Edge.Keys, key => Assert.Equal($"Bearer {FakeEdge.Key}", key));
    }

    [Fact]
    public async Task Action_WithoutAReason_IsNotSent()
    {
        await using Window window = await Browser.OpenAsync("/clients/globex");
        await window.SeeAsync("14 of 20 tokens");
        await window.PressAsync("Block…");

        await window.PressAsync("Block client globex", window.Dialog);

        Assert.True(await window.Dialog.GetByLabel("Reason").EvaluateAsync<bool>("input => input.validity.valueMissing"));
        await window.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(window.Dialog).ToHaveCountAsync(0);
        await window.SeeNoAsync("Blocked for");
    }

    [Fact]
    public async Task Action_ConfirmedTwice_IsSentOnce()
    {
        Browser.Edge.Buckets.Set("acme", 2);
        await using Window window = await Browser.OpenAsync("/clients/acme");
        await window.SeeAsync("2 of 20 tokens");
        await window.PressTwiceAsync("Reset…");
        await Assertions.Expect(window.Dialog).ToHaveCountAsync(1);
        await window.PressAsync("Cancel", window.Dialog);
        await Assertions.Expect(window.Dialog).ToHaveCountAsync(0);
        await window.PressAsync("Grant…");
        await window.Dialog.GetByLabel("Tokens").FillAsync("5");
        await window.Dialog.GetByLabel("Reason").FillAsync("Their batch job had to run twice");
        await window.Dialog.GetByLabel("Reason").BlurAsync();

        await window.PressTwiceAsync("Grant client acme", window.Dialog);

        await Assertions.Expect(window.Dialog).ToHaveCountAsync(0);
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Audit trail" }).ClickAsync();
        await window.SeeAsync("Their batch job had to run twice");
        await Assertions.Expect(window.Page.Locator("tbody tr")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Client_AnotherOneIsShownMeanwhile_HasNotTheBucketsOfTheFirst()
    {
        Browser.Edge.Buckets.Set("acme", 3);
        await using Window window = await Browser.OpenAsync("/clients/acme");
        await window.SeeAsync("3 of 20 tokens");
        HeldReads acme = Browser.Edge.Buckets.Hold("acme");
        HeldReads globex = Browser.Edge.Buckets.Hold("globex");
        await acme.Arrived;
        await window.Page.EvaluateAsync("Blazor.navigateTo('/clients/globex')");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Client globex");

        acme.Release();
        await globex.Arrived;

        // The circuit has rendered the answer for acme, if it does, before it answers to another location.
        await window.Page.EvaluateAsync("Blazor.navigateTo('/clients/globex?again')");
        await Assertions.Expect(window.Page.Locator("a.skip[href*='again']")).ToHaveCountAsync(1);
        await Assertions.Expect(window.Content).Not.ToContainTextAsync("3 of 20 tokens");
        globex.Release();
        await window.SeeAsync("14 of 20 tokens");
    }

    [Fact]
    public async Task Action_RedisAway_KeepsTheDialogAndSaysWhy()
    {
        await using Window window = await Browser.OpenAsync("/addresses/203.0.113.7");
        await window.SeeAsync("186 of 200 tokens");
        Browser.Edge.IsStoreDown = true;
        try
        {
            await window.PressAsync("Reset…");
            await window.Dialog.GetByLabel("Reason").FillAsync("Try it");
            await window.PressAsync("Reset address 203.0.113.7", window.Dialog);

            await Assertions.Expect(window.Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("Redis did not answer");
        }
        finally
        {
            Browser.Edge.IsStoreDown = false;
        }
    }

    [Fact]
    public async Task Buckets_RedisAway_AreSaidToBeOfOneReplica()
    {
        await using Window window = await Browser.OpenAsync("/clients/globex");
        await window.SeeAsync("of 20 tokens");
        Browser.Edge.Buckets.Source = "Local";
        try
        {
            await window.SeeAsync("Redis does not answer: these numbers are from one replica only");
        }
        finally
        {
            Browser.Edge.Buckets.Source = "Store";
        }
    }

    private static async Task ConfirmAsync(Window window, string button, string reason)
    {
        await window.Dialog.GetByLabel("Reason").FillAsync(reason);
        await window.PressAsync(button, window.Dialog);
        await Assertions.Expect(window.Dialog).ToHaveCountAsync(0);
    }
}
