namespace OpenClaw.Console.Edge.Model;

/// <summary>The rules document in Redis: <c>GET /rules</c>.</summary>
/// <param name="Version">Its version; null when there is none.</param>
/// <param name="InForce">The version in force on the replica that answered.</param>
/// <param name="Text">The document; <c>{}</c> when there is none.</param>
public sealed record RulesText(string? Version, string? InForce, string Text);
