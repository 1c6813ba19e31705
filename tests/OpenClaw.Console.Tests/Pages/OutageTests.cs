using Microsoft.Playwright;
using OpenClaw.Console.Tests.Hosting;
using OpenClaw.TestBrowser;

namespace OpenClaw.Console.Tests.Pages;

[Collection(BrowserCollection.Name)]
public sealed class OutageTests(Browser browser) : PageTests(browser)
{
    public static TheoryData<string, string> Pages { get; } = new()
    {
        { "/", "Running edges still enforce the limits" },
        { "/clients", "does not answer" },
        { "/clients/acme", "does not answer" },
        { "/policies", "does not answer" },
        { "/policies/document", "Edges keep their current rules" },
        { "/policies/versions", "Edges keep their current rules." },
        { "/policies/try", "You can type the names." },
        { "/events", "kept in Redis and shown later" },
        { "/events/failed", "kept in Redis until they are retried" },
        { "/audit", "kept in Redis and in the edges' logs" },
    };

    [Fact]
    public async Task EveryPage_EdgeAway_SaysWhatIsAwayAndWhatWorks()
    {
        await using Window window = await Browser.OpenAsync("/not-found");
        Browser.Edge.GoAway();
        try
        {
            foreach (var page in Pages)
            {
                (string path, string text) = page.Data;
                await window.Page.GotoAsync(Browser.Address + path);

                await window.SeeAsync(text);
                await window.SeeAsync($"The edge at {Browser.Edge.Address}");
            }
        }
        finally
        {
            Browser.Edge.ComeBack();
        }

        await window.SeeNoAsync("does not answer");
    }

    [Fact]
    public async Task Connection_Lost_IsShownAndComesBackByItself()
    {
        await using Window window = await Browser.OpenAsync("/clients/acme");
        await window.SeeAsync("of 20 tokens");

        ILocator lost = window.Page.GetByRole(AriaRole.Dialog, new() { Name = "Connection to the console lost" });
        Browser.Console.Kill();
        await Assertions.Expect(lost).ToBeVisibleAsync();
        await Browser.Console.StartAsync();

        await Assertions.Expect(lost).ToBeHiddenAsync(new() { Timeout = 30_000 });
        await window.SeeAsync("of 20 tokens");
    }
}
