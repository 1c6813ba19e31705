namespace OpenClaw.Console.Edge.Model;

/// <summary>A known client: <c>GET /clients</c>.</summary>
public sealed record KnownClient(string Id, string? Tier, bool Enabled, string? Source, EventContacts? Contacts);
