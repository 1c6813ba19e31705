namespace OpenClaw.AppHost;

/// <summary>The notifier, and a mail server that shows its mails in the browser.</summary>
internal static class Notifications
{
    private const string MailpitTag = "v1.27.8";

    /// <summary>Adds the notifier and, where a container runtime answers, Mailpit, which is started from the dashboard when it is wanted.
    /// The notifier's own settings (<c>OpenClaw:Notifier</c>) win. Without Mailpit it writes mails into a folder, which its log
    /// names.</summary>
    public static IResourceBuilder<ProjectResource> AddNotifier(
        this IDistributedApplicationBuilder builder, ContainerRuntime? runtime, IResourceBuilder<IResourceWithConnectionString> redis)
    {
        var notifier = builder.AddProject<Projects.OpenClaw_Notifier>("notifier", launchProfileName: null)
            .StartedFromItsBuild()
            .WithManagementEndpoint()
            .WithAppHostEnvironment()
            .WithSampledTraces()
            .WithReference(redis)
            .WaitFor(redis)
            .WithIconName("Alert");
        if (runtime is not null)
        {
            var mailpit = builder.AddMailpit();
            notifier.WithEnvironment("OpenClaw__Notifier__Email__Smtp__Host", mailpit.GetEndpoint("smtp").Property(EndpointProperty.Host))
                .WithEnvironment("OpenClaw__Notifier__Email__Smtp__Port", mailpit.GetEndpoint("smtp").Property(EndpointProperty.Port))
                .WithEnvironment("OpenClaw__Notifier__Email__Smtp__Security", "None");
        }

        return notifier.WithSettings("OpenClaw:Notifier");
    }

    // Mails that are sent before it is started are repeated until it is.
    private static IResourceBuilder<ContainerResource> AddMailpit(this IDistributedApplicationBuilder builder) =>
        builder.AddContainer("mailpit", "docker.io/axllent/mailpit", MailpitTag)
            .WithEndpoint(targetPort: 1025, scheme: "tcp", name: "smtp")
            .WithHttpEndpoint(targetPort: 8025)
            .WithHttpHealthCheck("/readyz")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Mails")
            .WithoutLink("smtp")
            .WithIconName("Mail")
            .WithExplicitStart();
}
