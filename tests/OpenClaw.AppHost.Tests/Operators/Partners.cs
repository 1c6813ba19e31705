using System.Diagnostics;
using OpenClaw.Notifier.Tests.Hosting;

namespace OpenClaw.AppHost.Tests.Operators;

/// <summary>Receivers of a graph's notifications: each client has a mail address and a webhook named after it.</summary>
internal static class Partners
{
    /// <summary>Attempts before a delivery has failed.</summary>
    public const int MaxAttempts = 2;

    private const string SigningKey = "a-signing-key-of-the-tests-0123456789";

    /// <summary>Settings of a graph that notifies clients.</summary>
    public static string[] Settings(WebhookReceiver receiver, IEnumerable<string> clients) =>
    [
        $"--OpenClaw:Notifier:Webhooks:SigningKeys:0={SigningKey}",
        "--OpenClaw:Notifier:Webhooks:AllowHttp=true",
        "--OpenClaw:Notifier:Webhooks:AllowedNetworks:0=127.0.0.0/8",
        $"--OpenClaw:Notifier:Retry:MaxAttempts={MaxAttempts}",
        "--OpenClaw:Notifier:Retry:FirstDelay=00:00:00.100",
        .. clients.SelectMany(client => (string[])
        [
            $"--OpenClaw:Edge:Clients:{client}:Contacts:Emails:0={EmailOf(client)}",
            $"--OpenClaw:Edge:Clients:{client}:Contacts:Webhook={receiver.At(client)}",
        ]),
    ];

    public static string EmailOf(string client) => $"ops@{client}.example";

    /// <summary>The secret of a client's webhook, as the notifier's command prints it for the partner.</summary>
    public static async Task<string> GetSecretAsync(string client)
    {
        var program = BuiltProgram.FindOutput(new Projects.OpenClaw_Notifier().ProjectPath);
        using var command = Process.Start(new ProcessStartInfo(
            "dotnet", ["exec", program, "webhook-secret", client, $"--OpenClaw:Notifier:Webhooks:SigningKeys:0={SigningKey}"])
        {
            RedirectStandardOutput = true,
        })!;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var secret = await command.StandardOutput.ReadToEndAsync(deadline.Token);
        await command.WaitForExitAsync(deadline.Token);
        Assert.Equal(0, command.ExitCode);
        return secret.Trim();
    }
}
