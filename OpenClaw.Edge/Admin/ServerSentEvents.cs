using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Telemetry;

namespace OpenClaw.Edge.Admin;

/// <summary>Streams server-sent events (WHATWG HTML, 9.2). A stream ends when its client disconnects or the server stops. The number of
/// streams is bounded.</summary>
internal sealed class ServerSentEvents(
    IHostApplicationLifetime lifetime, EdgeMetrics metrics, IOptions<EdgeOptions> options, IOptions<JsonOptions> json)
{
    private const string ContentType = "text/event-stream";

    private readonly int _maxStreams = options.Value.Admin.MaxStreams;
    private int _open;

    /// <summary>Runs a stream until it ends.</summary>
    /// <param name="context">The request.</param>
    /// <param name="produce">Writes events until cancelled.</param>
    public async Task RunAsync(HttpContext context, Func<Writer, CancellationToken, Task> produce)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.ContentType = ContentType;
            return;
        }

        if (Interlocked.Increment(ref _open) > _maxStreams)
        {
            Interlocked.Decrement(ref _open);
            context.Response.Headers.RetryAfter = "5";
            await Results.Problem(
                statusCode: StatusCodes.Status503ServiceUnavailable,
                detail: $"{_maxStreams} streams are open already ({EdgeOptions.Section}:Admin:MaxStreams).").ExecuteAsync(context);
            return;
        }

        metrics.StreamOpened();
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            context.Response.ContentType = ContentType;
            context.Response.Headers.CacheControl = "no-store";
            await context.Response.StartAsync(end.Token);
            // The client learns that the stream is open, before the first event.
            await context.Response.Body.FlushAsync(end.Token);
            await produce(new Writer(context.Response, json.Value.SerializerOptions), end.Token);
        }
        catch (Exception) when (end.IsCancellationRequested)
        {
            // The stream ends.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
            metrics.StreamClosed();
        }
    }

    /// <summary>Writes events of one stream.</summary>
    internal sealed class Writer(HttpResponse response, JsonSerializerOptions json)
    {
        /// <summary>Writes an event.</summary>
        /// <param name="name">Its name.</param>
        /// <param name="data">Its data, written as JSON.</param>
        /// <param name="id">Its id, after which a reconnecting client resumes; null for none.</param>
        /// <param name="cancellationToken">Ends the stream.</param>
        public Task WriteAsync<T>(string name, T data, string? id, CancellationToken cancellationToken) => response.WriteAsync(
            $"{(id is null ? "" : $"id: {id}\n")}event: {name}\ndata: {JsonSerializer.Serialize(data, json)}\n\n", cancellationToken);

        /// <summary>Writes a comment, so that proxies and clients see that the stream is alive.</summary>
        public Task KeepAliveAsync(CancellationToken cancellationToken) => response.WriteAsync(":\n\n", cancellationToken);
    }
}
