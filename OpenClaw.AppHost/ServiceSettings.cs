using Microsoft.Extensions.Configuration;

namespace OpenClaw.AppHost;

/// <summary>Passes settings of the AppHost on to the processes that it starts.</summary>
internal static class ServiceSettings
{
    /// <summary>Key of the edge's admin API, the same for all replicas.</summary>
    public const string AdminKey = "OpenClaw:Edge:Admin:Key";

    /// <summary>Earlier name of the management port, which differs for each replica.</summary>
    public const string AdminPort = "OpenClaw:Edge:Admin:Port";

    /// <summary>Runs a service in the AppHost's own environment, Development by default, with the AppHost's settings under
    /// <c>OpenClaw:Metrics</c> and <c>OpenClaw:Traces</c>.</summary>
    public static IResourceBuilder<T> WithAppHostEnvironment<T>(this IResourceBuilder<T> service)
        where T : IResourceWithEnvironment =>
        service
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", service.ApplicationBuilder.Environment.EnvironmentName)
            // Hosts without a public listener read this one.
            .WithEnvironment("DOTNET_ENVIRONMENT", service.ApplicationBuilder.Environment.EnvironmentName)
            // In a short local run the JIT compiler takes most of the processor time. Without profiles it compiles hot methods once less.
            .WithEnvironment("DOTNET_TieredPGO", "0")
            .WithSettings("OpenClaw:Metrics")
            .WithSettings("OpenClaw:Traces");

    /// <summary>Passes on the AppHost's settings in a section from any source: environment, command line, user secrets or file.</summary>
    public static IResourceBuilder<T> WithSettings<T>(this IResourceBuilder<T> service, string section)
        where T : IResourceWithEnvironment
    {
        foreach (var (key, value) in service.ApplicationBuilder.Configuration.GetSection(section).AsEnumerable())
        {
            if (value is not null && !IsOwn(key))
            {
                service.WithEnvironment(key.Replace(":", "__", StringComparison.Ordinal), value);
            }
        }

        return service;
    }

    private static bool IsOwn(string key) =>
        key.Equals(AdminKey, StringComparison.OrdinalIgnoreCase) || key.Equals(AdminPort, StringComparison.OrdinalIgnoreCase);
}
