using System.Net;
using System.Text;
using Microsoft.Extensions.Options;
using OpenClaw.Edge.Events;
using OpenClaw.Edge.Limiting;
using OpenClaw.Edge.Options;
using OpenClaw.Edge.Overload;
using OpenClaw.Edge.Proxying;
using OpenClaw.Edge.Rules;
using OpenClaw.Edge.Telemetry;
using OpenClaw.Edge.Usage;
using OpenClaw.RateLimiting.Limiter;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.Transforms.Builder;

namespace OpenClaw.Edge.WarmUp;

/// <summary>Sends requests through the edge's own middlewares before the edge listens, so that code is compiled and buffers exist when the
/// first real one arrives. The requests go through a temporary loopback port to an upstream in the same process. A limiter in memory
/// decides; nothing is counted, traced or charged.</summary>
internal sealed class PipelineWarmUp(
    IServiceProvider services, EdgeRulesStore rulesStore, IOptions<EdgeOptions> options, ILogger<PipelineWarmUp> logger) : IHostedService
{
    /// <summary>Methods called 30 times are compiled again, optimised.</summary>
    private const int Requests = 40;

    private const string Upstream = "/upstream";
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(500);
    private static readonly byte[] Json = Encoding.UTF8.GetBytes("""{"warm":"up"}""");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            await RunAsync(limit.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            string reason = limit.IsCancellationRequested
                ? $"It took longer than {Limit}."
                : $"{exception.Message} {exception.InnerException?.Message}";
            Log.WarmUpUnfinished(logger, reason.TrimEnd());
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using WarmUpMeters meters = new();
        await using RateLimiterClient limiter = RateLimiterClient.InMemory(TimeProvider.System);
        using HttpMessageInvoker client = CreateClient(meters);
        using WarmUpServer server = new(services, CreatePipeline(limiter, new EdgeMetrics(meters), client));
        await server.StartAsync(cancellationToken);
        for (int i = 0; i < Requests; i++)
        {
            using HttpRequestMessage request = CreateRequest(server.Url);
            using HttpResponseMessage response = await client.SendAsync(request, cancellationToken);
            await response.Content.CopyToAsync(Stream.Null, cancellationToken);
            if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.TooManyRequests))
            {
                throw new InvalidOperationException($"A warm-up request got status {(int)response.StatusCode}.", server.Failure);
            }
        }

        await server.StopAsync(cancellationToken);
    }

    private HttpRequestMessage CreateRequest(Uri url)
    {
        HttpRequestMessage request = new(HttpMethod.Post, new Uri(url, "/"))
        {
            Content = new ByteArrayContent(Json) { Headers = { { "Content-Type", "application/json" } } },
            Headers = { { "X-Forwarded-For", "192.0.2.1" } },
        };
        if (options.Value.ApiKeys.Unknown != UnknownKey.Reject)
        {
            request.Headers.Add(options.Value.ApiKeys.Header, "warm-up");
        }

        return request;
    }

    private RequestDelegate CreatePipeline(RateLimiterClient limiter, EdgeMetrics metrics, HttpMessageInvoker client)
    {
        EdgeRules rules = rulesStore.Current;
        string? policy = rules.PoliciesByName.Keys.FirstOrDefault(name => name != rules.AddressPolicy?.Name) ?? rules.AddressPolicy?.Name;
        RouteConfig route = new()
        {
            RouteId = "warm-up",
            ClusterId = "warm-up",
            RateLimiterPolicy = policy,
            Match = new RouteMatch { Path = "/{**path}" },
        };
        ClusterConfig cluster = new() { ClusterId = "warm-up" };
        HttpTransformer transformer = services.GetRequiredService<ITransformBuilder>().Build(route, cluster);
        Endpoint endpoint = new(null, new EndpointMetadataCollection(new EdgeRoute(route.RouteId, policy, rules)), route.RouteId);
        ReverseProxyFeature proxy = new()
        {
            Route = new RouteModel(route, null, transformer),
            Cluster = new ClusterModel(cluster, client),
            AllDestinations = [],
        };
        IHttpForwarder forwarder = services.GetRequiredService<IHttpForwarder>();

        ApplicationBuilder app = new(services);
        app.Use((context, next) =>
        {
            if (context.Request.Path.StartsWithSegments(Upstream))
            {
                return AnswerAsync(context);
            }

            context.SetEndpoint(endpoint);
            context.Features.Set<IReverseProxyFeature>(proxy);
            return next(context);
        });
        app.UseMiddleware<HeaderLimitMiddleware>();
        app.UseMiddleware<MethodMiddleware>();
        app.UseMiddleware<PathMiddleware>();
        app.UseMiddleware<ConcurrencyMiddleware>(metrics);
        app.UseMiddleware<RateLimitMiddleware>(limiter, metrics, CreateRecorder(metrics));
        app.UseMiddleware<UpstreamErrorMiddleware>();
        app.Run(async context => await forwarder.SendAsync(
            context, $"http://127.0.0.1:{context.Connection.LocalPort}{Upstream}", client, ForwarderRequestConfig.Empty, transformer));
        return app.Build();
    }

    /// <summary>A recorder that records neither usage nor events.</summary>
    private DecisionRecorder CreateRecorder(EdgeMetrics metrics)
    {
        IOptions<EdgeOptions> silent = Microsoft.Extensions.Options.Options.Create(
            new EdgeOptions { Usage = { Enabled = false }, Events = { Enabled = false } });
        ThresholdEvents thresholds = ActivatorUtilities.CreateInstance<ThresholdEvents>(services, new EventQueue(silent, metrics));
        return new DecisionRecorder(new UsageRecorder(silent, metrics), thresholds, TimeProvider.System);
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = Json.Length;
        await context.Response.Body.WriteAsync(Json, context.RequestAborted);
    }

    /// <summary>A client like YARP's, without metrics and traces.</summary>
    private HttpMessageInvoker CreateClient(WarmUpMeters meters) => new(UpstreamClientFactory.Wrap(
        new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            EnableMultipleHttp2Connections = true,
            ActivityHeadersPropagator = null,
            MeterFactory = meters,
        },
        options.Value.Upstream,
        TimeProvider.System));
}
