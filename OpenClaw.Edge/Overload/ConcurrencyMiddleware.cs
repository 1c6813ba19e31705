using Microsoft.Extensions.Options;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Limiting;
using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Proxying;
using OpenClaw.Edge.Responses;
using OpenClaw.Edge.Telemetry;
using OpenClaw.RateLimiting.AspNetCore.Headers;
using OpenClaw.RateLimiting.AspNetCore.Problems;

namespace OpenClaw.Edge.Overload;

/// <summary>Refuses proxied requests above a number in flight, before they are charged, so that admitted requests finish in time. Each
/// address may have only part of that number: a client that sends bodies as slowly as Kestrel allows keeps a request in flight for over an
/// hour. WebSockets and other upgrades last long and are counted separately. Health and metrics endpoints are not limited.</summary>
internal sealed class ConcurrencyMiddleware(
    RequestDelegate next, RequestIdentifier identifier, EdgeMetrics metrics, LimitSpan span, IOptions<EdgeOptions> options)
{
    private readonly ConcurrencyGate _requests = new(
        options.Value.Overload.MaxConcurrentRequests, options.Value.Overload.MaxConcurrentRequestsPerAddress);
    private readonly ConcurrencyGate _upgraded = new(
        options.Value.Overload.MaxUpgradedConnections, options.Value.Overload.MaxUpgradedConnectionsPerAddress);

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<EdgeRoute>() is null)
        {
            return next(context);
        }

        ConcurrencyGate gate = UpgradeRequest.Is(context) ? _upgraded : _requests;
        ClientAddress address = identifier.AddressOf(context);
        if (gate.TryEnter(address) is { } refusal)
        {
            metrics.CountShed(refusal.Result);
            span.Describe(context, policy: null, client: null, refusal.Result);
            RetryAfterHeader.Write(context, Random.Shared.Next(1, 4));
            ProblemWriter.Write(context, refusal);
            return Task.CompletedTask;
        }

        Task rest;
        try
        {
            rest = next(context);
        }
        catch
        {
            gate.Exit(address);
            throw;
        }

        if (rest.IsCompletedSuccessfully)
        {
            gate.Exit(address);
            return rest;
        }

        return WaitAsync(rest, gate, address);
    }

    private async Task WaitAsync(Task rest, ConcurrencyGate gate, ClientAddress address)
    {
        metrics.RequestStarted();
        try
        {
            await rest;
        }
        finally
        {
            gate.Exit(address);
            metrics.RequestEnded();
        }
    }
}
