using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OpenClaw.Notifier.Tests.Hosting;

/// <summary>A partner's server. Each path answers in its own way; others answer 200.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Func<HttpContext, int, Task>> _answers = new();
    private readonly ConcurrentDictionary<string, int> _counts = new();

    private WebhookReceiver(WebApplication app) => _app = app;

    /// <summary>Requests received so far.</summary>
    public ConcurrentQueue<ReceivedWebhook> Requests { get; } = new();

    public static async Task<WebhookReceiver> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        WebhookReceiver receiver = new(app);
        app.Run(receiver.AnswerAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Address of a path.</summary>
    public string At(string path) => $"{_app.Urls.First()}/{path}";

    public ReceivedWebhook[] To(string path) => [.. Requests.Where(request => request.Path == $"/{path}")];

    /// <summary>Chooses how a path answers.</summary>
    /// <param name="path">The path.</param>
    /// <param name="answer">Gets the request and its number on this path, from 1.</param>
    public void Answer(string path, Func<HttpContext, int, Task> answer) => _answers[$"/{path}"] = answer;

    /// <summary>Has a path answer with statuses in turn; the last one stays.</summary>
    public void AnswerWith(string path, params int[] statuses) => Answer(path, (context, number) =>
    {
        context.Response.StatusCode = statuses[Math.Min(number, statuses.Length) - 1];
        return Task.CompletedTask;
    });

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource now = new(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using StreamReader reader = new(context.Request.Body);
        string body = await reader.ReadToEndAsync();
        string path = context.Request.Path.Value!;
        HeaderDictionary headers = new(
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value, StringComparer.OrdinalIgnoreCase));
        Requests.Enqueue(new ReceivedWebhook(path, headers, body, Stopwatch.GetTimestamp()));
        if (_answers.TryGetValue(path, out Func<HttpContext, int, Task>? answer))
        {
            await answer(context, _counts.AddOrUpdate(path, 1, (_, count) => count + 1));
        }
    }
}
