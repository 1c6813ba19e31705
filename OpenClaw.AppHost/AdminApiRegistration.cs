using Microsoft.Extensions.Configuration;

namespace OpenClaw.AppHost;

/// <summary>Opens the edge's admin API for development, on its management endpoint.</summary>
internal static class AdminApiRegistration
{
    /// <summary>Gives the edge a key: the configured one, else a generated one that the user secrets keep.</summary>
    public static AdminApi AddAdminApi(this IResourceBuilder<ProjectResource> edge)
    {
        var builder = edge.ApplicationBuilder;
        var key = string.IsNullOrEmpty(builder.Configuration[ServiceSettings.AdminKey])
            ? builder.AddParameter(
                "admin-key", new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true, persist: true)
            : builder.AddParameterFromConfiguration("admin-key", ServiceSettings.AdminKey, secret: true);
        key.WithDescription("The edge's admin API asks for it: Authorization: Bearer …");

        var management = edge.GetEndpoint(ManagementEndpoint.Name);
        edge.WithSettings("OpenClaw:Edge").WithEnvironment(ToVariable(ServiceSettings.AdminKey), key);
        if (!string.IsNullOrEmpty(builder.Configuration[ServiceSettings.AdminPort]))
        {
            // An earlier name of the management port, which processes inherit when it is in the AppHost's environment.
            edge.WithEnvironment(ToVariable(ServiceSettings.AdminPort), management.Property(EndpointProperty.TargetPort));
        }

        return new AdminApi(management, key.Resource);
    }

    private static string ToVariable(string key) => key.Replace(":", "__", StringComparison.Ordinal);
}
