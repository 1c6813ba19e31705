namespace OpenClaw.Console.Edge.Model;

/// <summary>Whom a client wants told.</summary>
public sealed record EventContacts(IReadOnlyList<string>? Emails, string? Webhook);
