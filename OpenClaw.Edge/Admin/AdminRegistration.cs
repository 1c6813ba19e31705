namespace OpenClaw.Edge.Admin;

/// <summary>Registers the admin API, which runs when a key is configured.</summary>
internal static class AdminRegistration
{
    public static void AddEdgeAdmin(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AdminServer>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<AdminServer>());
    }
}
