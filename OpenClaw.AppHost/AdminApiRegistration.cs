using Microsoft.Extensions.Configuration;

namespace OpenClaw.AppHost;

/// <summary>Opens the edge's admin API for development, on its management endpoint.</summary>
internal static class AdminApiRegistration
{
    /// <summary>Gives the edge a key: the configured one, or a generated one that is stored in the user secrets.</summary>
    public static AdminApi AddAdminApi(this IResourceBuilder<ProjectResource> edge)
    {
        var builder = edge.ApplicationBuilder;
        var key = string.IsNullOrEmpty(builder.Configuration[ServiceSettings.AdminKey])
            ? builder.AddParameter(
                "admin-key", new GenerateParameterDefault { MinLength = 40, Special = false }, secret: true, persist: true)
            : builder.AddParameterFromConfiguration("admin-key", ServiceSettings.AdminKey, secret: true);
        key.WithDescription("Key of the edge's admin API, sent as Authorization: Bearer …");

        var management = edge.GetEndpoint(ManagementEndpoint.Name);
        edge.WithSettings("OpenClaw:Edge").WithEnvironment(ToVariable(ServiceSettings.AdminKey), key);
        if (!string.IsNullOrEmpty(builder.Configuration[ServiceSettings.AdminPort]))
        {
            // Clears the earlier name of the management port, which services would inherit from the AppHost's environment.
            edge.WithEnvironment(ToVariable(ServiceSettings.AdminPort), management.Property(EndpointProperty.TargetPort));
        }

        return new AdminApi(management, key.Resource);
    }

    private static string ToVariable(string key) => key.Replace(":", "__", StringComparison.Ordinal);
}
