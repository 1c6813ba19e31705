using Microsoft.Extensions.Configuration;

namespace OpenClaw.AppHost;

/// <summary>Opens the edge's admin API for development.</summary>
internal static class AdminApiRegistration
{
    private const string EndpointName = "management";

    /// <summary>Gives the edge a key (the configured one, else a generated one that the user secrets keep) and every replica a port
    /// of its own behind one address.</summary>
    public static AdminApi AddAdminApi(this IResourceBuilder<ProjectResource> edge, AppHostSettings settings)
    {
        var builder = edge.ApplicationBuilder;
        var key = string.IsNullOrEmpty(builder.Configuration[ServiceSettings.AdminKey])
            ? builder.AddParameter("admin-key", new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true, persist: true)
            : builder.AddParameterFromConfiguration("admin-key", ServiceSettings.AdminKey, secret: true);
        key.WithDescription("The edge's admin API asks for it: Authorization: Bearer …");

        // The edge opens this port itself, so it is none of those that ASP.NET Core is told to listen on.
        edge.WithSettings("OpenClaw:Edge")
            .WithHttpEndpoint(settings.ManagementPort, name: EndpointName, env: ToVariable(ServiceSettings.AdminPort))
            .WithEndpointsInEnvironment(endpoint => endpoint.Name != EndpointName)
            .WithEnvironment(ToVariable(ServiceSettings.AdminKey), key);
        return new AdminApi(edge.GetEndpoint(EndpointName), key.Resource);
    }

    private static string ToVariable(string key) => key.Replace(":", "__", StringComparison.Ordinal);
}
