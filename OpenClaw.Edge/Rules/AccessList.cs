using System.Collections.Frozen;
using System.Net;
using OpenClaw.Edge.Identity;
using OpenClaw.Edge.Networks;

namespace OpenClaw.Edge.Rules;

/// <summary>An allow or deny list of addresses and clients.</summary>
/// <param name="networks">The networks.</param>
/// <param name="networkNames">The networks as they were set.</param>
/// <param name="clients">Ids of clients.</param>
internal sealed class AccessList(NetworkSet networks, IReadOnlyList<string> networkNames, FrozenSet<string> clients)
{
    /// <summary>The networks as they were set.</summary>
    public IReadOnlyList<string> Networks => networkNames;

    /// <summary>Ids of the clients.</summary>
    public IReadOnlyCollection<string> Clients => clients;

    public bool IsEmpty { get; } = networks.IsEmpty && clients.Count == 0;

    public bool Contains(IPAddress address, Client? client) =>
        !IsEmpty && (networks.Contains(address) || (client is not null && clients.Contains(client.Id)));
}
