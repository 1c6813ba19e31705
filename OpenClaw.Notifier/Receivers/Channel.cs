namespace OpenClaw.Notifier.Receivers;

/// <summary>Names of delivery channels in Redis and in metrics.</summary>
internal static class Channel
{
    public const string Email = "email";
    public const string Webhook = "webhook";

    public static IReadOnlyList<string> All { get; } = [Email, Webhook];
}
