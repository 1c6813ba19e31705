namespace OpenClaw.Edge.Admin;

/// <summary>The admin API, where a key is configured for it.</summary>
internal static class AdminRegistration
{
    public static void AddEdgeAdmin(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AdminServer>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<AdminServer>());
    }
}
