using OpenClaw.Notifier;
using OpenClaw.Notifier.Commands;

if (args is [WebhookSecretCommand.Name, .. var rest])
{
    return WebhookSecretCommand.Run(rest, settings => Host.CreateApplicationBuilder(settings).Configuration, Console.Out, Console.Error);
}

return await ServiceDefaults.RunAsync(() => NotifierApplication.Create(args));
