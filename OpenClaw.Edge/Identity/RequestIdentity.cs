using System.Net;
using OpenClaw.Edge.Networks;
using OpenClaw.Edge.Policies;

namespace OpenClaw.Edge.Identity;

/// <summary>Who sent a request.</summary>
/// <param name="RemoteAddress">The client's address in full.</param>
/// <param name="Address">The same, reduced to what makes one client.</param>
/// <param name="AddressPartition">Partition of that address.</param>
/// <param name="ClientPartition">Partition of the client: by its id, by its unknown key where that is accepted, else by its address.</param>
/// <param name="Client">The known client whose key it carries; null when it carries none.</param>
/// <param name="HasUnknownKey">It carries a key that belongs to nobody.</param>
internal readonly record struct RequestIdentity(
    IPAddress RemoteAddress, ClientAddress Address, string AddressPartition, string ClientPartition, Client? Client, bool HasUnknownKey)
{
    /// <summary>Somebody at an address, with the key of a known client or without any.</summary>
    public static RequestIdentity Of(IPAddress remoteAddress, ClientAddress address, Client? client)
    {
        string partition = PartitionNames.AddressPrefix + address;
        return new RequestIdentity(remoteAddress, address, partition, client?.Partition ?? partition, client, HasUnknownKey: false);
    }
}
