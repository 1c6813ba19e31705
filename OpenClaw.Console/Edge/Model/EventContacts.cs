namespace OpenClaw.Console.Edge.Model;

/// <summary>Contacts of a client.</summary>
public sealed record EventContacts(IReadOnlyList<string>? Emails, string? Webhook);
