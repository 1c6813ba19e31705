using System.Collections.Frozen;
using System.Net;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Networks;

namespace OpenClaw.Edge.Rules;

/// <summary>An allow or deny list of addresses and clients.</summary>
internal sealed class AccessList(NetworkSet networks, FrozenSet<string> clients)
{
    public bool IsEmpty { get; } = networks.IsEmpty && clients.Count == 0;

    public bool Contains(IPAddress address, Client? client) =>
        !IsEmpty && (networks.Contains(address) || (client is not null && clients.Contains(client.Id)));
}
