using Microsoft.Extensions.Options;
using OpenClaw.Edge.Configuration;
using OpenClaw.ServiceDefaults.Management;

namespace OpenClaw.Edge.Admin;

/// <summary>Registers the admin API, which runs when a key is configured.</summary>
internal static class AdminRegistration
{
    public static void AddEdgeAdmin(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IManagementEndpoints, AdminApi>();
        builder.Services.AddSingleton<IPostConfigureOptions<ManagementOptions>, EarlierManagementNames>();
    }
}
