namespace OpenClaw.Notifier.Receivers;

/// <summary>Ways to tell somebody, by the names that they have in Redis and in metrics.</summary>
internal static class Channel
{
    public const string Email = "email";
    public const string Webhook = "webhook";

    public static IReadOnlyList<string> All { get; } = [Email, Webhook];
}
