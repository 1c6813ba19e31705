using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Networks;

namespace OpenClaw.Edge.Usage;

/// <summary>The sender of a request as operators know it: a known client, or else an address. Never a key or its hash.</summary>
/// <param name="Client">Id of a known client; null for an address.</param>
/// <param name="Address">The address; the default value for a known client.</param>
internal readonly record struct UsageSubject(string? Client, ClientAddress Address)
{
    public static UsageSubject Of(Client? client, ClientAddress address) =>
        client is null ? new UsageSubject(null, address) : new UsageSubject(client.Id, default);

    /// <summary>Whether it is a known client.</summary>
    public bool IsClient => Client is not null;

    public override string ToString() => Client ?? Address.ToString();
}
