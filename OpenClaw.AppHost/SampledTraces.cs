using Microsoft.Extensions.Configuration;

namespace OpenClaw.AppHost;

/// <summary>Leaves it to the services which traces they record.</summary>
internal static class SampledTraces
{
    private const string Sampler = "OTEL_TRACES_SAMPLER";

    /// <summary>Takes back that Aspire has services record every trace, which under load is most of what they do. The AppHost's own
    /// <c>OTEL_TRACES_SAMPLER</c>, where it is set, is handed on.</summary>
    public static IResourceBuilder<T> WithSampledTraces<T>(this IResourceBuilder<T> service)
        where T : IResourceWithEnvironment
    {
        var sampler = service.ApplicationBuilder.Configuration[Sampler];
        return string.IsNullOrEmpty(sampler)
            ? service.WithEnvironment(context => { context.EnvironmentVariables.Remove(Sampler); })
            : service.WithEnvironment(Sampler, sampler);
    }
}
