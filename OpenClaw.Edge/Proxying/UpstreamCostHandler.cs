using Microsoft.AspNetCore.Http.Timeouts;
using OpenClaw.Edge.Limiting;
using Yarp.ReverseProxy.Transforms;

namespace OpenClaw.Edge.Proxying;

/// <summary>Waits for the head of an answer that may state the request's cost, also when the client has left by then: leaving early does
/// not make a request cheaper. YARP waits meanwhile, so that the request keeps its place among those in flight, which bounds their number,
/// and stopping the edge waits for it. When the head is there, or the time is over, YARP ends the call as it ends that of any client who
/// has left.</summary>
/// <param name="inner">Sends the request.</param>
/// <param name="timeout">Longest wait after the client has left.</param>
/// <param name="time">Measures it.</param>
internal sealed class UpstreamCostHandler(HttpMessageHandler inner, TimeSpan timeout, TimeProvider time) : DelegatingHandler(inner)
{
    private static readonly HttpRequestOptionsKey<HttpContext> Client = new("OpenClaw.Edge.Client");

    /// <summary>Marks a request whose cost the upstream may state. An upgrade is not: its connection ends with the client's.</summary>
    public static ValueTask Mark(RequestTransformContext context)
    {
        if (context.HttpContext.Features.Get<UpstreamCost>() is { Charged: not null } && !UpgradeRequest.Is(context.HttpContext))
        {
            context.ProxyRequest.Options.Set(Client, context.HttpContext);
        }

        return ValueTask.CompletedTask;
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        timeout > TimeSpan.Zero
        && !cancellationToken.IsCancellationRequested
        && request.Options.TryGetValue(Client, out HttpContext? client)
            ? SendUntilHeadAsync(request, client, cancellationToken)
            : base.SendAsync(request, cancellationToken);

    private async Task<HttpResponseMessage> SendUntilHeadAsync(
        HttpRequestMessage request, HttpContext client, CancellationToken cancellationToken)
    {
        using CancellationTokenSource sending = new(Timeout.InfiniteTimeSpan, time);
        await using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(_ =>
        {
            if (HasLeft(client))
            {
                sending.CancelAfter(timeout);
            }
            else
            {
                sending.Cancel();
            }
        }, null);
        return await base.SendAsync(request, sending.Token);
    }

    /// <summary>Whether it is the client who gave up. A time limit of the route ends the request as well, and its client waits for the
    /// answer.</summary>
    private static bool HasLeft(HttpContext client) =>
        client.RequestAborted.IsCancellationRequested
        && client.Features.Get<IHttpRequestTimeoutFeature>() is not { RequestTimeoutToken.IsCancellationRequested: true };
}
