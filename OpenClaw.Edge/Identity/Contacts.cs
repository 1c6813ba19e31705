namespace OpenClaw.Edge.Identity;

/// <summary>Contacts to notify of a client's events.</summary>
/// <param name="Emails">E-mail addresses; null for none.</param>
/// <param name="Webhook">An http or https URL; null for none.</param>
internal sealed record Contacts(IReadOnlyList<string>? Emails, string? Webhook);
