using OpenClaw.Console.Tests.Hosting;

namespace OpenClaw.Console.Tests.Pages;

/// <summary>Tests of pages. Each begins with an edge to which nothing has been done yet.</summary>
public abstract class PageTests
{
    protected PageTests(Browser browser)
    {
        Browser = browser;
        browser.Edge.Reset();
    }

    protected Browser Browser { get; }
}
