using System.Buffers;
using Microsoft.Extensions.Primitives;
using OpenClaw.Edge.Limiting;
using OpenClaw.Edge.Responses;
using OpenClaw.RateLimiting.AspNetCore.Headers;
using OpenClaw.RateLimiting.AspNetCore.Problems;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace OpenClaw.Edge.Proxying;

/// <summary>Writes a problem response where YARP sets only a status: the upstream is down, unhealthy or slow, or the client's body was cut
/// off. Responses of the upstream pass unchanged. YARP clears a response that it cannot complete; the edge's own headers, such as the rate
/// limit fields, are then written again.</summary>
internal sealed class UpstreamErrorMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        int count = headers.Count;
        KeyValuePair<string, StringValues>[] own = ArrayPool<KeyValuePair<string, StringValues>>.Shared.Rent(count);
        headers.CopyTo(own, 0);
        try
        {
            await next(context);
            if (!context.Response.HasStarted
                && context.Response.StatusCode >= StatusCodes.Status400BadRequest
                && RefusalOf(context) is { } refusal)
            {
                for (int i = 0; i < count; i++)
                {
                    headers[own[i].Key] = own[i].Value;
                }

                Answer(context, refusal);
            }
        }
        finally
        {
            ArrayPool<KeyValuePair<string, StringValues>>.Shared.Return(own, clearArray: true);
        }
    }

    private static void Answer(HttpContext context, Problem refusal)
    {
        if (refusal == Refusal.UpstreamUnavailable)
        {
            RetryAfterHeader.Write(context, Random.Shared.Next(1, 4));
        }

        ProblemWriter.Write(context, refusal);
    }

    private static Problem? RefusalOf(HttpContext context)
    {
        int status = context.Response.StatusCode;
        if (context.Features.Get<IForwarderErrorFeature>() is not { } failure)
        {
            // Not forwarded: the cluster does not exist, or session affinity found no destination.
            bool isProxied = context.GetEndpoint()?.Metadata.GetMetadata<EdgeRoute>() is not null;
            bool isTried = context.Features.Get<IReverseProxyFeature>()?.ProxiedDestination is not null;
            return isProxied && !isTried && status == StatusCodes.Status503ServiceUnavailable ? Refusal.UpstreamUnavailable : null;
        }

        if (failure.Error is ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.ResponseBodyCanceled)
        {
            // Either the client has disconnected, or the route's timeout has passed.
            return context.RequestAborted.IsCancellationRequested ? null : Refusal.UpstreamSlow;
        }

        if (failure is { Error: ForwarderError.ResponseBodyDestination, Exception: OperationCanceledException })
        {
            // The activity timeout has passed after the head of the response.
            return Refusal.UpstreamSlow;
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
