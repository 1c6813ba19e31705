using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Responses;
using OpenClaw.RateLimiting.AspNetCore.Problems;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace OpenClaw.Edge.Proxying;

/// <summary>Applies the idle timeout of streams to WebSockets, gRPC calls and streaming Connect calls, instead of the cluster's
/// <c>ActivityTimeout</c>. Event streams are recognised by their response: see <see cref="EventStream"/>.</summary>
internal sealed class StreamMiddleware(RequestDelegate next, IOptions<EdgeOptions> options)
{
    /// <summary>YARP's own default.</summary>
    private static readonly TimeSpan DefaultActivityTimeout = TimeSpan.FromSeconds(100);

    private readonly TimeSpan _idle = options.Value.Upstream.StreamIdleTimeout;
    private readonly ConditionalWeakTable<ClusterModel, ClusterModel> _clusters = [];

    /// <summary>The cluster's activity timeout.</summary>
    public static TimeSpan ActivityTimeoutOf(ClusterModel cluster) => cluster.Config.HttpRequest?.ActivityTimeout ?? DefaultActivityTimeout;

    public Task InvokeAsync(HttpContext context)
    {
        bool isUpgrade = UpgradeRequest.Is(context);
        bool isConnect = HttpMethods.IsPost(context.Request.Method) && ConnectStream.Is(context.Request.ContentType);
        if (!isUpgrade && !isConnect && !GrpcRequest.Is(context.Request))
        {
            return next(context);
        }

        if (isConnect && !HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            // The client may send nothing for long. YARP does the same for gRPC.
            context.Features.Get<IHttpMinRequestBodyDataRateFeature>()?.MinDataRate = null;
        }

        ReverseProxyFeature proxy = (ReverseProxyFeature)context.GetReverseProxyFeature();
        TimeSpan handshake = ActivityTimeoutOf(proxy.Cluster);
        if (handshake < _idle)
        {
            proxy.Cluster = _clusters.GetValue(proxy.Cluster, WithIdleTime);
        }

        return isUpgrade ? UpgradeAsync(context, handshake) : next(context);
    }

    private ClusterModel WithIdleTime(ClusterModel cluster)
    {
        ForwarderRequestConfig request = (cluster.Config.HttpRequest ?? ForwarderRequestConfig.Empty) with { ActivityTimeout = _idle };
        return new ClusterModel(cluster.Config with { HttpRequest = request }, cluster.HttpClient);
    }

    /// <summary>Until the upgrade is accepted, the cluster's own timeout applies.</summary>
    private async Task UpgradeAsync(HttpContext context, TimeSpan handshake)
    {
        CancellationToken aborted = context.RequestAborted;
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        late.CancelAfter(handshake);
        context.RequestAborted = late.Token;
        context.Features.Set(new UpgradeDeadline(late, aborted));
        try
        {
            await next(context);
        }
        finally
        {
            context.Features.Set<UpgradeDeadline>(null);
            context.RequestAborted = aborted;
        }
    }
}
