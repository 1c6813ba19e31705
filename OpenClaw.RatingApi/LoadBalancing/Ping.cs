using OpenTelemetry.Instrumentation.AspNetCore;

namespace OpenClaw.RatingApi.LoadBalancing;

/// <summary><c>GET /ping</c>, with which a load balancer such as the edge checks that the API accepts requests. It is on the public port,
/// so that it tests the port that requests use. Neither traced nor counted in request metrics.</summary>
internal static class Ping
{
    private const string Path = "/ping";

    public static void AddPing(this IServiceCollection services) => services.PostConfigure<AspNetCoreTraceInstrumentationOptions>(traces =>
    {
        Func<HttpContext, bool>? others = traces.Filter;
        traces.Filter = context => !context.Request.Path.Equals(Path) && others?.Invoke(context) != false;
    });

    public static void MapPing(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(Path, () => TypedResults.NoContent()).DisableHttpMetrics().ExcludeFromDescription();
}
