using Microsoft.AspNetCore.Http.Timeouts;
using OpenClaw.Edge.Limiting;
using Yarp.ReverseProxy.Transforms;

namespace OpenClaw.Edge.Proxying;

/// <summary>Waits for response headers that may state the request's cost even after the client has disconnected, so that disconnecting
/// early does not make a request cheaper. Meanwhile the request counts as in flight, which limits the number of such requests, and draining
/// waits for it. After the headers or the timeout, YARP ends the call as for any aborted request.</summary>
/// <param name="inner">The next handler.</param>
/// <param name="timeout">Longest wait after the client has disconnected.</param>
/// <param name="time">Clock of the timeout.</param>
internal sealed class UpstreamCostHandler(HttpMessageHandler inner, TimeSpan timeout, TimeProvider time) : DelegatingHandler(inner)
{
    private static readonly HttpRequestOptionsKey<HttpContext> Client = new("OpenClaw.Edge.Client");

    /// <summary>Marks a request whose cost the upstream may state, also one that asks for an upgrade: the upstream can answer it as any
    /// other.</summary>
    public static ValueTask Mark(RequestTransformContext context)
    {
        if (context.HttpContext.Features.Get<UpstreamCost>() is { Charged: not null })
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

    /// <summary>Whether the client has disconnected. The route's timeout and the deadline of an upgrade cancel the request as well, but
    /// then the client still waits for a response.</summary>
    private static bool HasLeft(HttpContext client) =>
        client.RequestAborted.IsCancellationRequested
        && client.Features.Get<IHttpRequestTimeoutFeature>() is not { RequestTimeoutToken.IsCancellationRequested: true }
        && client.Features.Get<UpgradeDeadline>() is not { HasPassed: true };
}
