using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenClaw.Soak.Tests.Edges;

namespace OpenClaw.Soak.Tests.Traffic;

/// <summary>The upstream of the edges: echoes the request's id, and states costs.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    /// <summary>The header with the request's id, in the request and in its answer.</summary>
    public const string IdHeader = "X-Soak-Id";

    /// <summary>What a request of a client who leaves costs, once the upstream has answered it.</summary>
    public const int LeftCost = 3;

    private static readonly byte[] Block = new byte[16 * 1024];

    private readonly WebApplication _app;
    private int _active;
    private long _leftAnswered;

    private Upstream(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    /// <summary>Requests under way.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>Answers started for clients that leave early, whether or not the client was still connected.</summary>
    public long LeftAnswered => Interlocked.Read(ref _leftAnswered);

    public static async Task<Upstream> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        Upstream upstream = new(builder.Build());
        upstream._app.Run(upstream.AnswerAsync);
        await upstream._app.StartAsync();
        return upstream;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _active);
        try
        {
            context.Response.Headers[IdHeader] = context.Request.Headers[IdHeader];
            if (context.Request.Path.StartsWithSegments($"/{SoakPolicy.Settled.Name}"))
            {
                context.Response.Headers[SoakPolicy.CostHeader] = context.Request.Query["cost"];
            }
            else if (context.Request.Path.StartsWithSegments($"/{SoakPolicy.Left.Name}"))
            {
                await AnswerLeaverAsync(context);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _active);
        }
    }

    private async Task AnswerLeaverAsync(HttpContext context)
    {
        try
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The client left before its body ended: the work was never done and costs nothing more.
            return;
        }

        if (context.Request.Query.ContainsKey("slow"))
        {
            await Task.Delay(200);
        }

        context.Response.Headers[SoakPolicy.CostHeader] = $"{LeftCost}";
        Interlocked.Increment(ref _leftAnswered);
        try
        {
            for (int block = 0; block < 8 && context.Request.Query.ContainsKey("long"); block++)
            {
                await context.Response.Body.WriteAsync(Block);
                await context.Response.Body.FlushAsync();
                await Task.Delay(20);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The client left during the answer.
        }
    }
}
