namespace OpenClaw.AppHost;

/// <summary>Connects the console to the edge.</summary>
internal static class ConsoleRegistration
{
    private const string Section = "OpenClaw:Console";

    /// <summary>Gives the console the address and the key of the admin API. It does not wait for the edge, since the console shows when the
    /// edge is unavailable.</summary>
    public static IResourceBuilder<ProjectResource> WithAdminApi(this IResourceBuilder<ProjectResource> console, AdminApi admin) => console
        .WithSettings(Section)
        .WithEnvironment("OpenClaw__Console__Edge", admin.Endpoint)
        .WithEnvironment(context => { context.EnvironmentVariables["OpenClaw__Console__AdminKey"] = admin.Key; })
        .WithUrlForEndpoint("http", url => url.DisplayText = "Console");
}
