namespace OpenClaw.Notifier.Webhooks;

/// <summary>A webhook leads to an address that it must not reach.</summary>
internal sealed class ForbiddenAddressException(string message) : Exception(message);
