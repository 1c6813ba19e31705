using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenClaw.TestServers;

namespace OpenClaw.Console.Tests.Fakes;

/// <summary>The edge's admin API with its state in memory. Can simulate outages, and records the requests and their operators.</summary>
public sealed class FakeEdge : IAsyncDisposable
{
    public const string Key = "an-admin-key-for-tests";

    private readonly WebApplication _app;
    private CancellationTokenSource _streams = new();

    private FakeEdge()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address);
        builder.Services.AddProblemDetails();
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull);
        _app = builder.Build();
        _app.Use((context, next) => AdmitAsync(context, next));
        FakeEndpoints.Map(_app, this);
    }

    /// <summary>Base address.</summary>
    public string Address { get; } = $"http://127.0.0.1:{LoopbackPort.Free()}";

    public FakeBuckets Buckets { get; private set; } = new();

    public FakeEvents Events { get; private set; } = new();

    public FakeRules Rules { get; private set; } = new();

    public FakeUsage Usage { get; private set; } = new();

    /// <summary>Values of the Authorization headers received.</summary>
    public ConcurrentQueue<string> Keys { get; } = new();

    /// <summary>Whether connections break off instead of being answered.</summary>
    public bool IsAway { get; private set; }

    /// <summary>Whether changes fail as they do while Redis does not answer.</summary>
    public bool IsStoreDown { get; set; }

    internal CancellationToken StreamsEnd => _streams.Token;

    public static async Task<FakeEdge> StartAsync()
    {
        FakeEdge edge = new();
        await edge._app.StartAsync();
        return edge;
    }

    /// <summary>Restores the initial state.</summary>
    public void Reset()
    {
        (Buckets, Events, Rules, Usage) = (new(), new(), new(), new());
        (IsAway, IsStoreDown) = (false, false);
    }

    /// <summary>Breaks all connections off, until <see cref="ComeBack"/>.</summary>
    public void GoAway()
    {
        IsAway = true;
        EndStreams();
    }

    public void ComeBack() => IsAway = false;

    /// <summary>Ends open streams; they can be opened again at once.</summary>
    public void EndStreams()
    {
        CancellationTokenSource ended = _streams;
        _streams = new CancellationTokenSource();
        ended.Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        EndStreams();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private Task AdmitAsync(HttpContext context, RequestDelegate next)
    {
        if (IsAway)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        string key = context.Request.Headers.Authorization.ToString();
        Keys.Enqueue(key);
        return key == $"Bearer {Key}"
            ? next(context)
            : Results.Problem(statusCode: (int)HttpStatusCode.Unauthorized, detail: "Send the admin key.").ExecuteAsync(context);
    }
}
