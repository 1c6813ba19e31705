using Microsoft.Extensions.Options;
using OpenClaw.Edge.Answers;
using OpenClaw.Edge.Limiting;
using OpenClaw.Edge.Proxying;
using OpenClaw.Edge.Settings;
using OpenClaw.Edge.Telemetry;

namespace OpenClaw.Edge.Overload;

/// <summary>Sheds proxied requests above a number in flight, before they cost anything, so that those already taken on are finished in time.
/// WebSockets and other upgrades stay for long and have places of their own. Health and scraping stay reachable.</summary>
internal sealed class ConcurrencyMiddleware(RequestDelegate next, EdgeMetrics metrics, IOptions<EdgeOptions> options)
{
    private readonly Places _requests = new(options.Value.Overload.MaxConcurrentRequests);
    private readonly Places _upgraded = new(options.Value.Overload.MaxUpgradedConnections);

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<EdgeRoute>() is null)
        {
            return next(context);
        }

        Places places = UpgradeRequest.Is(context) ? _upgraded : _requests;
        if (!places.TryTake())
        {
            metrics.CountShed();
            RetryAfter.Write(context, Random.Shared.Next(1, 4));
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
            places.GiveBack();
            throw;
        }

        if (rest.IsCompletedSuccessfully)
        {
            places.GiveBack();
            return rest;
        }

        return WaitAsync(rest, places);
    }

    private async Task WaitAsync(Task rest, Places places)
    {
        metrics.RequestStarted();
        try
        {
            await rest;
        }
        finally
        {
            places.GiveBack();
            metrics.RequestEnded();
        }
    }

    private sealed class Places(int count)
    {
        private int _taken;

        public bool TryTake()
        {
            if (Interlocked.Increment(ref _taken) <= count)
            {
                return true;
            }

            Interlocked.Decrement(ref _taken);
            return false;
        }

        public void GiveBack() => Interlocked.Decrement(ref _taken);
    }
}
