namespace OpenClaw.Console.Components.Shared;

/// <summary>A known client or an address.</summary>
/// <param name="Client">Id of the client; null for an address.</param>
/// <param name="Address">The address; null for a client.</param>
public sealed record Subject(string? Client, string? Address)
{
    public override string ToString() => Client is null ? $"address {Address}" : $"client {Client}";
}
