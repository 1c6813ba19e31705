using Microsoft.Extensions.DependencyInjection;

namespace OpenClaw.AppHost;

/// <summary>Adds the notifier, and a mail server that shows its mails in the browser.</summary>
internal static class Notifications
{
    private const string MailpitTag = "v1.27.8";

    /// <summary>Adds the notifier and, if there is a container runtime, Mailpit, which is started on demand from the dashboard: the
    /// notifier is then restarted and sends its mails there. Until then it writes them into a folder, which it logs. Settings under
    /// <c>OpenClaw:Notifier</c> take precedence.</summary>
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
            var mailpit = builder.AddMailpit().OnResourceReady((_, ready, stop) =>
                ready.Services.GetRequiredService<ResourceCommandService>()
                    .ExecuteCommandAsync(notifier.Resource, KnownResourceCommands.RestartCommand, stop));
            notifier.WithEnvironment(context => SendTo(mailpit, context));
        }

        return notifier.WithSettings("OpenClaw:Notifier");
    }

    private static void SendTo(IResourceBuilder<ContainerResource> mailpit, EnvironmentCallbackContext context)
    {
        var states = context.ExecutionContext.Services.GetRequiredService<ResourceNotificationService>();
        if (states.TryGetCurrentState(mailpit.Resource.Name, out var state)
            && state.Snapshot.State?.Text == KnownResourceStates.Running)
        {
            var smtp = mailpit.GetEndpoint("smtp");
            context.EnvironmentVariables["OpenClaw__Notifier__Email__Smtp__Host"] = smtp.Property(EndpointProperty.Host);
            context.EnvironmentVariables["OpenClaw__Notifier__Email__Smtp__Port"] = smtp.Property(EndpointProperty.Port);
            context.EnvironmentVariables["OpenClaw__Notifier__Email__Smtp__Security"] = "None";
        }
    }

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
