namespace OpenClaw.Notifier.Webhooks;

/// <summary>None of a webhook's IP addresses is allowed.</summary>
internal sealed class ForbiddenAddressException(string message) : Exception(message);
