using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace OpenClaw.Console.Tests.Hosting;

/// <summary>A browser window with cookies of its own. Records errors of the page, violations of the content security policy among
/// them, and requests to other hosts.</summary>
internal sealed class Window : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    public Window(IBrowserContext context, IPage page)
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

    public ValueTask DisposeAsync() => new(_context.CloseAsync());
}
