using System.Collections.Frozen;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using OpenClaw.Edge.Limiting;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Responses;
using OpenClaw.RateLimiting.AspNetCore.Headers;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace OpenClaw.Edge.Proxying;

/// <summary>Changes upstream responses. Refuses an impossible status. Removes a stated cost. Where the edge has written rate limit fields,
/// drops the upstream's fields of the same name, since YARP would send both. Copies event streams with their own idle timeout.</summary>
internal sealed class UpstreamResponses(IOptions<EdgeOptions> options) : ITransformProvider
{
    private readonly TimeSpan _idle = options.Value.Upstream.StreamIdleTimeout;

    private static readonly FrozenSet<string> OwnFields = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        RateLimitHeadersDraft11.PolicyField, RateLimitHeadersDraft11.StateField,
        RateLimitHeadersDraft06.Fields.Limit, RateLimitHeadersDraft06.Fields.Remaining, RateLimitHeadersDraft06.Fields.Reset,
        RateLimitHeadersLegacy.Fields.Limit, RateLimitHeadersLegacy.Fields.Remaining, RateLimitHeadersLegacy.Fields.Reset);

    public void ValidateRoute(TransformRouteValidationContext context) { }

    public void ValidateCluster(TransformClusterValidationContext context) { }

    public void Apply(TransformBuilderContext context)
    {
        context.AddResponseTransform(CheckStatus);
        if (!string.IsNullOrEmpty(context.Route.RateLimiterPolicy))
        {
            context.AddRequestTransform(UpstreamCostHandler.Mark);
            context.AddResponseTransform(Transform);
        }

        context.AddResponseTransform(TransformStream);
    }

    /// <summary>Throws, so that YARP answers 502, when the status is below 100, or 101 without a request for an upgrade.</summary>
    private static ValueTask CheckStatus(ResponseTransformContext context)
    {
        if (context.ProxyResponse is { StatusCode: <= HttpStatusCode.SwitchingProtocols } upstream
            && !(upstream.StatusCode == HttpStatusCode.SwitchingProtocols && UpgradeRequest.Is(context.HttpContext)))
        {
            throw new HttpRequestException(
                HttpRequestError.InvalidResponse, $"The upstream answered with status {(int)upstream.StatusCode:000}.");
        }

        return ValueTask.CompletedTask;
    }

    private ValueTask TransformStream(ResponseTransformContext context)
    {
        HttpContext request = context.HttpContext;
        if (context.ProxyResponse is not { } upstream)
        {
            return ValueTask.CompletedTask;
        }

        if (request.Features.Get<UpgradeDeadline>() is { } deadline)
        {
            // Any other response is not a stream and keeps the deadline.
            if (upstream.StatusCode == HttpStatusCode.SwitchingProtocols
                || (upstream.Version == HttpVersion.Version20 && upstream.StatusCode == HttpStatusCode.OK))
            {
                deadline.Meet();
            }

            return ValueTask.CompletedTask;
        }

        // gRPC-Web calls already have the idle timeout of streams, and need trailers.
        TimeSpan activity = StreamMiddleware.ActivityTimeoutOf(request.GetReverseProxyFeature().Cluster);
        if (activity >= _idle || !EventStream.Is(upstream))
        {
            return ValueTask.CompletedTask;
        }

        context.SuppressResponseBody = true;
        return EventStream.CopyAsync(request, upstream, _idle);
    }

    private static ValueTask Transform(ResponseTransformContext context)
    {
        HttpResponse response = context.HttpContext.Response;
        context.HttpContext.Features.Get<UpstreamCost>()?.TakeFrom(response);
        if (context.ProxyResponse is { } upstream)
        {
            foreach (KeyValuePair<string, HeaderStringValues> header in upstream.Headers.NonValidated)
            {
                // One value more than the upstream sent: the edge's own, which comes first.
                if (OwnFields.Contains(header.Key)
                    && response.Headers.TryGetValue(header.Key, out StringValues values)
                    && values.Count > header.Value.Count)
                {
                    response.Headers[header.Key] = values[0];
                }
            }
        }

        return ValueTask.CompletedTask;
    }
}
