using System.Globalization;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Answers;
using OpenClaw.Edge.Limiting;
using OpenClaw.Edge.Settings;
using OpenClaw.Edge.Telemetry;

namespace OpenClaw.Edge.Overload;

/// <summary>Sheds proxied requests above a number in flight, before they cost anything, so that those already taken on are finished in time.
/// Health and scraping stay reachable.</summary>
internal sealed class ConcurrencyMiddleware(RequestDelegate next, EdgeMetrics metrics, IOptions<EdgeOptions> options)
{
    private readonly int _max = options.Value.Overload.MaxConcurrentRequests;
    private int _inFlight;

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<EdgeRoute>() is null)
        {
            return next(context);
        }

        if (Interlocked.Increment(ref _inFlight) > _max)
        {
            Interlocked.Decrement(ref _inFlight);
            metrics.CountShed();
            context.Response.Headers.RetryAfter = Random.Shared.Next(1, 4).ToString(CultureInfo.InvariantCulture);
            RefusalWriter.Write(context, Refusal.Overloaded);
            return Task.CompletedTask;
        }

        Task rest;
        try
        {
            rest = next(context);
        }
        catch
        {
            Interlocked.Decrement(ref _inFlight);
            throw;
        }

        if (rest.IsCompletedSuccessfully)
        {
            Interlocked.Decrement(ref _inFlight);
            return rest;
        }

        return WaitAsync(rest);
    }

    private async Task WaitAsync(Task rest)
    {
        metrics.RequestStarted();
        try
        {
            await rest;
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
            metrics.RequestEnded();
        }
    }
}
