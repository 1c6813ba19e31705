using Microsoft.Extensions.Configuration;

namespace OpenClaw.AppHost;

/// <summary>Lets the services choose the traces that they record.</summary>
internal static class SampledTraces
{
    private const string Sampler = "OTEL_TRACES_SAMPLER";

    /// <summary>Removes Aspire's setting that makes services record every trace, which would be most of their work under load. If the
    /// AppHost's own <c>OTEL_TRACES_SAMPLER</c> is set, it is passed on.</summary>
    public static IResourceBuilder<T> WithSampledTraces<T>(this IResourceBuilder<T> service)
        where T : IResourceWithEnvironment
    {
        var sampler = service.ApplicationBuilder.Configuration[Sampler];
        return string.IsNullOrEmpty(sampler)
            ? service.WithEnvironment(context => { context.EnvironmentVariables.Remove(Sampler); })
            : service.WithEnvironment(Sampler, sampler);
    }
}
