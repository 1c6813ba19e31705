using OpenClaw.Edge.Limiting;
using OpenClaw.Edge.Responses;
using OpenClaw.RateLimiting.AspNetCore.Headers;
using OpenClaw.RateLimiting.AspNetCore.Problems;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace OpenClaw.Edge.Proxying;

/// <summary>Writes a problem response where YARP sets only a status: the upstream is down, unhealthy or slow, or the client's body was cut
/// off. Responses of the upstream pass unchanged.</summary>
internal sealed class UpstreamErrorMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (!context.Response.HasStarted
            && context.Response.StatusCode >= StatusCodes.Status400BadRequest
            && RefusalOf(context) is { } refusal)
        {
            if (refusal == Refusal.UpstreamUnavailable)
            {
                RetryAfterHeader.Write(context, Random.Shared.Next(1, 4));
            }

            ProblemWriter.Write(context, refusal);
        }
    }

    private static Problem? RefusalOf(HttpContext context)
    {
        int status = context.Response.StatusCode;
        if (context.Features.Get<IForwarderErrorFeature>()?.Error is not { } error)
        {
            // Not forwarded: the cluster does not exist, or session affinity found no destination.
            bool isProxied = context.GetEndpoint()?.Metadata.GetMetadata<EdgeRoute>() is not null;
            bool isTried = context.Features.Get<IReverseProxyFeature>()?.ProxiedDestination is not null;
            return isProxied && !isTried && status == StatusCodes.Status503ServiceUnavailable ? Refusal.UpstreamUnavailable : null;
        }

        if (error is ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.ResponseBodyCanceled)
        {
            // Either the client has disconnected, or the route's timeout has passed.
            return context.RequestAborted.IsCancellationRequested ? null : Refusal.UpstreamSlow;
        }

        return status switch
        {
            StatusCodes.Status400BadRequest => Refusal.BrokenBody,
            StatusCodes.Status408RequestTimeout => Refusal.SlowBody,
            StatusCodes.Status413PayloadTooLarge => Refusal.LargeBody,
            StatusCodes.Status502BadGateway => Refusal.UpstreamFailed,
            StatusCodes.Status503ServiceUnavailable => Refusal.UpstreamUnavailable,
            StatusCodes.Status504GatewayTimeout => Refusal.UpstreamSlow,
            _ => null,
        };
    }
}
