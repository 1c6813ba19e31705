namespace OpenClaw.Notifier.Tests.Hosting;

/// <summary>Settings with which tests run a notifier: receivers on loopback, short delays.</summary>
internal static class TestSettings
{
    public const string Key = "a-signing-key-of-the-tests-0123456789";
    public const string OlderKey = "an-older-key-of-the-tests-0123456789";

    /// <summary>Arguments of the command line; later ones win.</summary>
    /// <param name="connection">Connection string of Redis.</param>
    /// <param name="folder">Folder of mails.</param>
    /// <param name="more">Settings below <c>OpenClaw:Notifier</c>, as <c>name=value</c>; others have their whole path.</param>
    public static string[] Arguments(string connection, string folder, params string[] more) =>
    [
        "--environment=Production",
        "--OpenClaw:Management:Port=0",
        $"--ConnectionStrings:redis={connection}",
        .. ((string[])[
            $"Webhooks:SigningKeys:0={Key}",
            "Webhooks:AllowHttp=true",
            "Webhooks:AllowedNetworks:0=127.0.0.0/8",
            "Events:PollInterval=00:00:00.020",
            "Retry:FirstDelay=00:00:00.010",
            "Retry:MaxDelay=00:00:00.050",
            "Queue:TakeOverAfter=00:00:01",
            $"Email:Folder={folder}",
            .. more,
        ]).Select(setting => setting.StartsWith("OpenClaw:", StringComparison.Ordinal) ? $"--{setting}" : $"--OpenClaw:Notifier:{setting}"),
    ];
}
