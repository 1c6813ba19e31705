using OpenClaw.Notifier.Commands;

namespace OpenClaw.Notifier.Tests.Hosting;

/// <summary>Webhook secrets as the command prints them for a partner.</summary>
internal static class PartnerSecret
{
    public static string Of(string receiver, string key = TestSettings.Key)
    {
        using StringWriter output = new();
        int code = WebhookSecretCommand.Run(
            [receiver, $"--OpenClaw:Notifier:Webhooks:SigningKeys:0={key}"],
            settings => Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(settings).Configuration,
            output,
            TextWriter.Null);
        Assert.Equal(0, code);
        return output.ToString().Trim();
    }
}
