using Microsoft.Playwright;
using OpenClaw.Console.Tests.Hosting;
using OpenClaw.TestBrowser;

namespace OpenClaw.Console.Tests.Pages;

[Collection(BrowserCollection.Name)]
public sealed class EventTests(Browser browser) : PageTests(browser)
{
    [Fact]
    public async Task Events_Happened_SayWhatAndWhoWasTold()
    {
        Browser.Edge.Events.Add("store.lost", null, null,
            new { Id = "1", Type = "store.lost", Time = DateTimeOffset.UtcNow, Replica = "edge-1", Reason = "timeout" });
        await using Window window = await Browser.OpenAsync("/events");
        await window.SeeAsync("edge-1 decides without Redis: timeout");

        Browser.Edge.Events.Add(
            "client.threshold", "acme", null,
            new
            {
                Id = "2",
                Type = "client.threshold",
                Time = DateTimeOffset.UtcNow,
                Client = "acme",
                Policy = "rating",
                Bucket = "burst",
                Threshold = 80,
                Capacity = 20,
                Remaining = 4
            },
            new { Channel = "email", To = "ops@acme.example", Status = "delivered", Attempts = 1, At = DateTimeOffset.UtcNow },
            new
            {
                Channel = "webhook",
                To = "https://acme.example/hooks",
                Status = "failed",
                Attempts = 1,
                Error = "503",
                At = DateTimeOffset.UtcNow
            },
            new
            {
                Channel = "webhook",
                To = "https://acme.example/hooks",
                Status = "failed",
                Attempts = 8,
                Error = "410 Gone",
                At = DateTimeOffset.UtcNow
            });

        ILocator row = window.Page.Locator("tbody tr").Filter(new() { HasText = "Threshold passed" }).First;
        await Assertions.Expect(row).ToContainTextAsync("used 80 % of rating/burst, 4 of 20 tokens left");
        await Assertions.Expect(row).ToContainTextAsync("delivered email to ops@acme.example");
        await Assertions.Expect(row).ToContainTextAsync("failed webhook to https://acme.example/hooks, 8 attempts(410 Gone)");
        await Assertions.Expect(row.Locator("li")).ToHaveCountAsync(2);
        await window.Page.GetByLabel("Type of event").SelectOptionAsync("client.threshold");
        await window.SeeNoAsync("edge-1 decides without Redis");
    }

    [Fact]
    public async Task Events_MoreThanAPage_AreReadOnDemand()
    {
        for (int i = 1; i <= 60; i++)
        {
            Browser.Edge.Events.Add("rules.changed", "many", null,
                new { Id = $"m{i}", Type = "rules.changed", Time = DateTimeOffset.UtcNow, Client = "many", Version = $"{i:D3}" });
        }

        await using Window window = await Browser.OpenAsync("/events");
        await window.Page.GetByLabel("Type of event").SelectOptionAsync("rules.changed");
        await window.SeeAsync("version 060");
        await window.SeeNoAsync("version 010");

        await window.PressAsync("Older events");

        await window.SeeAsync("version 010");
        await window.SeeAsync("version 060");
    }

    [Fact]
    public async Task Older_ClickedTwice_ShowsTheRowsOnce()
    {
        // Two pages, so that the number of rows does not depend on whether the second click is late.
        for (int i = 1; i <= 80; i++)
        {
            Browser.Edge.Events.Add("rules.changed", null, null,
                new { Id = $"m{i}", Type = "rules.changed", Time = DateTimeOffset.UtcNow, Version = $"{i:D3}" });
            Browser.Edge.Events.Audit(null, "rules", $"version {i:D3}", "", null);
        }

        await using Window window = await Browser.OpenAsync("/events");
        await window.PressTwiceAsync("Older events");
        await window.SeeAsync("version 001");
        await Assertions.Expect(window.Page.Locator("tbody tr")).ToHaveCountAsync(80);
        await window.Page.GotoAsync($"{Browser.Address}/audit");
        await window.PressTwiceAsync("Older entries");
        await window.SeeAsync("version 001");
        await Assertions.Expect(window.Page.Locator("tbody tr")).ToHaveCountAsync(80);
    }

    [Fact]
    public async Task Retry_ClickedTwice_IsSentOnce()
    {
        object happened = new { Id = "3", Type = "client.blocked", Time = DateTimeOffset.UtcNow, Client = "acme", Seconds = 600 };
        string id = Browser.Edge.Events.AddFailed("webhook", "https://acme.example/first", "503", happened);
        await using Window window = await Browser.OpenAsync("/events/failed");

        await window.PressTwiceAsync("Retry webhook https://acme.example/first");

        await window.SeeAsync("No failed deliveries.");
        Assert.Equal(id, Assert.Single(Browser.Edge.Events.Retried));
    }

    [Fact]
    public async Task FailedDelivery_RetriedOrDiscarded_IsGoneInEveryBrowser()
    {
        object happened = new { Id = "3", Type = "client.blocked", Time = DateTimeOffset.UtcNow, Client = "acme", Seconds = 600 };
        string first = Browser.Edge.Events.AddFailed("webhook", "https://acme.example/first", "503", happened);
        Browser.Edge.Events.AddFailed("email", "second@acme.example", "550 no such user", happened);
        await using Window window = await Browser.OpenAsync("/events/failed");
        await using Window other = await Browser.OpenAsync("/events/failed", "bob@example.com");
        await other.SeeAsync("550 no such user");

        await window.PressAsync("Retry webhook https://acme.example/first");
        await other.SeeNoAsync("https://acme.example/first");
        Assert.Contains(first, Browser.Edge.Events.Retried);

        await window.PressAsync("Discard email second@acme.example");
        await Assertions.Expect(window.Dialog).ToContainTextAsync("second@acme.example will not be notified of this event.");
        await window.PressAsync("Discard", window.Dialog);

        await other.SeeNoAsync("550 no such user");
    }
}
