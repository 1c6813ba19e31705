using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace OpenClaw.ServiceDefaults.Health;

/// <summary>The two probes that orchestrators call, on the management listener in every environment: Kubernetes probes
/// production.</summary>
internal static class HealthEndpoints
{
    /// <summary>Readiness: every registered check. 200 when the service can do its work, else 503.</summary>
    public const string Readiness = "/health";

    /// <summary>Liveness: only checks tagged <see cref="LivenessTag"/>. 503 asks for a restart, so nothing outside the process belongs
    /// here.</summary>
    public const string Liveness = "/alive";

    public const string LivenessTag = "live";

    /// <summary>Timeout of checks that have none of their own, so that a hanging check fails.</summary>
    public static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(3);

    public static void AddDefaultHealthChecks(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks()
            .AddCheck("self", () => HealthCheckResult.Healthy(), [LivenessTag])
            .AddCheck<LifetimeHealthCheck>("lifetime");
        builder.Services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (HealthCheckRegistration check in options.Registrations)
            {
                if (check.Timeout == Timeout.InfiniteTimeSpan)
                {
                    check.Timeout = CheckTimeout;
                }
            }
        });
    }

    public static void MapHealthEndpoints(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthChecks(Readiness, new HealthCheckOptions { ResponseWriter = WriteAsync })
            .AllowAnonymous()
            .DisableHttpMetrics();
        endpoints.MapHealthChecks(Liveness, new HealthCheckOptions { Predicate = check => check.Tags.Contains(LivenessTag) })
            .AllowAnonymous()
            .DisableHttpMetrics();
    }

    // The status, and a line for each check that is not healthy. Texts of exceptions are left out: they may have addresses or names.
    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain";
        IEnumerable<string> reasons = report.Entries
            .Where(entry => entry.Value.Status != HealthStatus.Healthy)
            .Select(entry => entry.Value.Exception is null
                && entry.Value.Description is { } description ? $"{entry.Key}: {description}" : entry.Key);
        return context.Response.WriteAsync(string.Join('\n', reasons.Prepend($"{report.Status}")));
    }
}
