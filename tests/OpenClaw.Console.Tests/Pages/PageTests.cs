using Microsoft.Playwright;
using OpenClaw.Console.Tests.Hosting;

namespace OpenClaw.Console.Tests.Pages;

public sealed class Shots(Browser browser) : IClassFixture<Browser>
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task All(ColorScheme colours)
    {
        string[] paths = ["/", "/clients", "/clients/acme", "/addresses/203.0.113.7", "/policies", "/policies/document", "/policies/versions", "/policies/try", "/events", "/events/failed", "/audit"];
        await using Window window = await browser.OpenAsync("/", colours: colours);
        foreach (string path in paths)
        {
            await window.Page.GotoAsync(browser.Address + path);
            await Task.Delay(1500);
            await window.Page.ScreenshotAsync(new() { Path = $"/tmp/console-probe/shots/{colours}{path.Replace('/', '_')}.png" });
        }

        Assert.Empty(window.Errors);
    }
}
